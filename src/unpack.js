// Unpacks the program: LZMA, a fifth less to fetch than gzip. The letters are those of Igor Pavlov's
// specification (LZMA SDK, lzma-specification.txt, 2015): states, reps, slots.
const unpack = (packed) => {
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
