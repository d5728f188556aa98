// Unpacks the program: parted into streams, then LZMA, a quarter less to fetch than gzip.
const unpack = (packed) => join(fromLzma(packed));

// The letters are those of Igor Pavlov's specification (LZMA SDK, lzma-specification.txt, 2015): states,
// reps, slots.
const fromLzma = (packed) => {
  const header = new DataView(packed.buffer, packed.byteOffset, 18);
  const lc = packed[0] % 9, lp = (packed[0] / 9 | 0) % 5, pb = packed[0] / 45 | 0;
  const size = header.getUint32(5, true);
  const out = new Uint8Array(size);
  // Range and code: numbers beyond 31 bits would be boxed wherever else they are kept.
  const coder = new Uint32Array([0xffffffff, header.getUint32(14)]);
  let at = 18;

  // All probabilities in one place, one kind after the other.
  let n = 0;
  const room = (length) => (n += length) - length;
  const LENGTH = 2 + 16 * 8 * 2 + 256;
  const [isMatch, isRep0Long] = [room(12 << 4), room(12 << 4)];
  const [isRep, isRep0, isRep1, isRep2] = [room(12), room(12), room(12), room(12)];
  const [slots, specials, align] = [room(4 << 6), room(128), room(16)];
  const [lengths, repLengths, literals] = [room(LENGTH), room(LENGTH), room(0x300 << (lc + lp))];
  const probabilities = new Uint16Array(n).fill(1024);

  const bit = (i) => {
    const p = probabilities[i];
    const range = coder[0], code = coder[1];
    const bound = Math.imul(range >>> 11, p) >>> 0;
    const b = code < bound ? 0 : 1;
    let rest = bound;
    if (b) {
      rest = range - bound;
      coder[1] = code - bound;
      probabilities[i] = p - (p >> 5);
    } else {
      probabilities[i] = p + ((2048 - p) >> 5);
    }
    coder[0] = rest;
    if (rest < 0x1000000) refill();
    return b;
  };
  const refill = () => {
    coder[0] <<= 8;
    coder[1] = (coder[1] << 8) | packed[at++];
  };
  const tree = (base, bits) => {
    let m = 1;
    for (let i = 0; i < bits; i++) m = (m << 1) | bit(base + m);
    return m - (1 << bits);
  };
  const reversed = (base, bits) => {
    let m = 1, value = 0;
    for (let i = 0; i < bits; i++) {
      const b = bit(base + m);
      m = (m << 1) | b;
      value |= b << i;
    }
    return value;
  };
  const direct = (bits) => {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      coder[0] >>>= 1;
      const b = coder[1] < coder[0] ? 0 : 1;
      if (b) coder[1] -= coder[0];
      value = (value << 1) | b;
      if (coder[0] < 0x1000000) refill();
    }
    return value;
  };
  const length = (base, posState) => {
    if (!bit(base)) return 2 + tree(base + 2 + (posState << 3), 3);
    if (!bit(base + 1)) return 10 + tree(base + 130 + (posState << 3), 3);
    return 18 + tree(base + 258, 8);
  };
  const distance = (length) => {
    const slot = tree(slots + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) << bits;
    if (slot < 14) return high + reversed(specials + high - slot, bits);
    return high + direct(bits - 4) * 16 + reversed(align, 4);
  };

  let state = 0, rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0;
  for (let pos = 0; pos < size;) {
    const posState = pos & ((1 << pb) - 1);
    if (!bit(isMatch + (state << 4) + posState)) {
      const before = pos ? out[pos - 1] : 0;
      const context = ((pos & ((1 << lp) - 1)) << lc) + (before >> (8 - lc));
      const base = literals + 0x300 * context;
      let symbol = 1;
      if (state >= 7) {
        let match = out[pos - rep0 - 1];
        do {
          const expected = (match >> 7) & 1;
          match <<= 1;
          const b = bit(base + ((1 + expected) << 8) + symbol);
          symbol = (symbol << 1) | b;
          if (b !== expected) break;
        } while (symbol < 0x100);
      }
      while (symbol < 0x100) symbol = (symbol << 1) | bit(base + symbol);
      out[pos++] = symbol;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let n;
    if (!bit(isRep + state)) {
      rep3 = rep2;
      rep2 = rep1;
      rep1 = rep0;
      n = length(lengths, posState);
      rep0 = distance(n);
      state = state < 7 ? 7 : 10;
    } else {
      if (bit(isRep0 + state)) {
        let rep = rep1;
        if (bit(isRep1 + state)) {
          rep = rep2;
          if (bit(isRep2 + state)) {
            rep = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = rep;
      } else if (!bit(isRep0Long + (state << 4) + posState)) {
        out[pos] = out[pos - rep0 - 1];
        pos++;
        state = state < 7 ? 9 : 11;
        continue;
      }
      n = length(repLengths, posState);
      state = state < 7 ? 8 : 11;
    }
    // Byte by byte: what is copied may begin within what it makes.
    for (const end = Math.min(pos + n, size); pos < end; pos++) out[pos] = out[pos - rep0 - 1];
  }
  return out;
};

// Joins the streams that the build parts a program into (`xtask/src/streams.rs`): opcodes, operands by
// their kind, numbers as they are.
const join = (parted) => {
  const OPCODES = 0, LOCAL = 1, CALL = 2, MEMORY = 3, CONSTANT = 4, BRANCH = 5, TYPE = 6, OTHER = 7;
  const PLAIN = 8, N_STREAMS = 9, HEADER = 4 * (3 + N_STREAMS);
  const header = new DataView(parted.buffer, parted.byteOffset, HEADER);
  const told = (i) => header.getUint32(4 * i, true);
  const out = new Uint8Array(told(0)), nBefore = told(1), nBodies = told(2);
  const at = new Uint32Array(N_STREAMS);
  let end = parted.length;
  for (let stream = N_STREAMS; stream--;) at[stream] = end -= told(3 + stream);
  const others = parted.subarray(HEADER, end);
  out.set(others.subarray(0, nBefore));
  let pos = nBefore;

  const take = (stream) => {
    let number = 0, shift = 0, byte;
    do {
      byte = out[pos++] = parted[at[stream]++];
      number |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return number;
  };
  const some = (n, stream) => {
    while (n--) take(stream);
  };
  const plain = (n) => {
    while (n--) out[pos++] = parted[at[PLAIN]++];
  };
  const instruction = () => {
    const opcode = out[pos++] = parted[at[OPCODES]++];
    if (opcode >= 0x20 && opcode <= 0x22) take(LOCAL);
    else if (opcode >= 0x28 && opcode <= 0x3e) some(2, MEMORY);
    else if (opcode === 0x41 || opcode === 0x42) take(CONSTANT);
    else if (opcode >= 0x45 && opcode <= 0xc4) return;
    else if (opcode === 0x10) take(CALL);
    else if (opcode >= 0x02 && opcode <= 0x04) take(TYPE);
    else if (opcode === 0x0c || opcode === 0x0d) take(BRANCH);
    else if (opcode === 0x0e) some(take(BRANCH) + 1, BRANCH);
    else if (opcode === 0x11) some(2, TYPE);
    else if (opcode === 0x1c) some(take(OTHER), OTHER);
    else if (opcode === 0x43) plain(4);
    else if (opcode === 0x44) plain(8);
    else if (opcode >= 0x23 && opcode <= 0x26 || opcode === 0x3f || opcode === 0x40) take(OTHER);
    else if (opcode === 0xd0 || opcode === 0xd2) take(OTHER);
    else if (opcode === 0xfc) {
      const wide = take(OPCODES);
      if (wide > 7) some(wide < 15 && wide % 2 === 0 ? 2 : 1, OTHER);
    } else if (opcode === 0xfd) {
      const wide = take(OPCODES);
      if (wide <= 11 || wide === 92 || wide === 93) some(2, MEMORY);
      else if (wide <= 13) plain(16);
      else if (wide >= 21 && wide <= 34) plain(1);
      else if (wide >= 84 && wide <= 91) {
        some(2, MEMORY);
        plain(1);
      }
    }
  };
  for (let body = 0; body < nBodies; body++) {
    const size = take(OTHER), end = pos + size;
    some(2 * take(OTHER), OTHER);
    while (pos < end) instruction();
  }
  out.set(others.subarray(nBefore), pos);
  return out;
};
