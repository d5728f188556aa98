//! A program that names its functions in every way, and what must stay the same about it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements,
    EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    ImportSection, IndirectNameMap, MemorySection, MemoryType, Module, NameMap, NameSection,
    RefType, StartSection, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{ElementItems, KnownCustom, Name, Operator, Parser, Payload, Validator};

use super::rewrite::{Orders, Program};
use super::{best, weight};

const IMPORTED: u32 = 2;
const OWN: u32 = 40;
/// Each function begins with this and its old number, so it can be told wherever it goes.
const MARK: u32 = 1_000_000;

/// A program of `OWN` functions of four kinds, those of a kind far apart; they name each other.
fn program(data: &[(i32, &[u8])]) -> Vec<u8> {
    let all = IMPORTED + OWN;
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut names = [NameMap::new(), NameMap::new()];
    let mut locals = IndirectNameMap::new();
    for i in 0..all {
        names[0].append(i, &format!("function {i}"));
        if i < IMPORTED {
            imports.import("page", &format!("import {i}"), EntityType::Function(0));
            continue;
        }
        functions.function(i % 2);
        let mut body = Function::new([(1, ValType::F64)]);
        let mut code_of = body.instructions();
        code_of.i32_const((MARK + i).cast_signed()).drop();
        // What the functions of a kind have in common, and others have not.
        for k in 0..2_000_u32 {
            code_of.i32_const(((i % 4 + 1) * (k + 7)).wrapping_mul(2_654_435_761).cast_signed());
            code_of.drop();
        }
        if i % 2 == 1 {
            code_of.i32_const(0);
        }
        // The callee has the parameters of its caller.
        code_of.call(IMPORTED + (i + 2) % OWN / 2 * 2 + i % 2).call(i % IMPORTED);
        code_of.ref_func((i * 7) % all).drop();
        if !data.is_empty() {
            let piece = i % data.len() as u32;
            code_of.i32_const(0).i32_const(0).i32_const(0).memory_init(0, piece);
        }
        code_of.end();
        code.function(&body);
        let mut inside = NameMap::new();
        inside.append(0, &format!("local of {i}"));
        locals.append(i, &inside);
    }
    let mut tables = TableSection::new();
    let table = |element_type| TableType {
        element_type,
        table64: false,
        minimum: 100,
        maximum: None,
        shared: false,
    };
    tables.table(table(RefType::FUNCREF));
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let global = GlobalType { val_type: ValType::FUNCREF, mutable: false, shared: false };
    globals.global(global, &ConstExpr::ref_func(9));
    let mut exports = ExportSection::new();
    exports.export("import", ExportKind::Func, 1).export("own", ExportKind::Func, 5);
    exports.export("memory", ExportKind::Memory, 0);
    let mut elements = ElementSection::new();
    let listed: Vec<u32> = (0..all).rev().collect();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions(listed.into()));
    let expressions = [ConstExpr::ref_func(30), ConstExpr::ref_func(1)];
    elements.passive(Elements::Expressions(RefType::FUNCREF, (&expressions[..]).into()));
    let mut pieces = DataSection::new();
    for (i, (start, bytes)) in (0..).zip(data) {
        pieces.active(0, &ConstExpr::i32_const(*start), bytes.iter().copied());
        names[1].append(i, &format!("piece {i}"));
    }
    let mut told = NameSection::new();
    told.functions(&names[0]);
    told.locals(&locals);
    told.data(&names[1]);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables);
    module.section(&memories).section(&globals).section(&exports);
    module.section(&StartSection { function_index: 4 }).section(&elements);
    module.section(&DataCountSection { count: data.len() as u32 });
    module.section(&code).section(&pieces).section(&told);
    module.section(&CustomSection { name: "producers".into(), data: (&b"us"[..]).into() });
    module.finish()
}

const DATA: [(i32, &[u8]); 3] = [(64, b"one"), (0, b"two"), (4, b"three")];

/// The old number that a function is marked with, by the number it has.
fn marks(module: &[u8]) -> Vec<u32> {
    let mut marks: Vec<u32> = (0..IMPORTED).collect();
    for payload in Parser::new(0).parse_all(module) {
        if let Ok(Payload::CodeSectionEntry(body)) = payload {
            let first = body.get_operators_reader().and_then(|mut code| code.read());
            let Ok(Operator::I32Const { value }) = first else { panic!("{first:?} is no mark") };
            marks.push(value.cast_unsigned() - MARK);
        }
    }
    marks
}

/// What a module says, in a form that no order shows in: functions are called by their marks, data
/// by what is in it.
fn meaning(module: &[u8]) -> BTreeMap<String, String> {
    let marks = marks(module);
    let mut data = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Ok(Payload::DataSection(pieces)) = payload {
            data.extend(pieces.into_iter().map(|piece| piece.unwrap().data));
        }
    }
    let of = |function: u32| marks[function as usize];
    let said = |operator: &Operator<'_>| match operator {
        Operator::Call { function_index: i } => format!("call {}", of(*i)),
        Operator::RefFunc { function_index: i } => format!("ref {}", of(*i)),
        Operator::MemoryInit { data_index: i, .. } => format!("init {:?}", data[*i as usize]),
        other => format!("{other:?}"),
    };
    let all = |operators: wasmparser::OperatorsReader<'_>| -> String {
        operators.into_iter().map(|operator| said(&operator.unwrap()) + ";").collect()
    };
    let mut facts = BTreeMap::new();
    let mut tell = |what: String, is: String| assert!(facts.insert(what, is).is_none());
    let mut bodies = IMPORTED;
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::FunctionSection(types) => {
                for (i, kind) in (IMPORTED..).zip(types) {
                    tell(format!("type of {}", of(i)), format!("{kind:?}"));
                }
            }
            Payload::GlobalSection(globals) => {
                let global = globals.into_iter().next().unwrap().unwrap();
                tell("global".into(), all(global.init_expr.get_operators_reader()));
            }
            Payload::ExportSection(exports) => {
                for export in exports.into_iter().map(Result::unwrap) {
                    let is_function = export.kind == wasmparser::ExternalKind::Func;
                    let what = if is_function { of(export.index) } else { export.index };
                    tell(format!("export {}", export.name), format!("{:?} {what}", export.kind));
                }
            }
            Payload::StartSection { func, .. } => tell("start".into(), of(func).to_string()),
            Payload::ElementSection(elements) => {
                for (i, element) in elements.into_iter().enumerate() {
                    let functions = match element.unwrap().items {
                        ElementItems::Functions(list) => {
                            list.into_iter().map(|i| of(i.unwrap()).to_string() + ";").collect()
                        }
                        ElementItems::Expressions(_, list) => list
                            .into_iter()
                            .map(|expression| all(expression.unwrap().get_operators_reader()))
                            .collect(),
                    };
                    tell(format!("element {i}"), functions);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let locals = body.get_locals_reader().unwrap().into_iter();
                let locals: Vec<_> = locals.map(Result::unwrap).collect();
                let code = all(body.get_operators_reader().unwrap());
                tell(format!("body of {}", of(bodies)), format!("{locals:?} {code}"));
                bodies += 1;
            }
            Payload::DataSection(pieces) => {
                for piece in pieces.into_iter().map(Result::unwrap) {
                    let wasmparser::DataKind::Active { offset_expr, .. } = piece.kind else {
                        panic!("all pieces have a place")
                    };
                    let place = all(offset_expr.get_operators_reader());
                    tell(format!("data {:?}", piece.data), place);
                }
            }
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Name(sections) => {
                    for (what, is) in names(sections, &of, &data) {
                        tell(what, is);
                    }
                }
                _ => tell(custom.name().into(), format!("{:?}", custom.data())),
            },
            _ => {}
        }
    }
    facts
}

/// What the names say, with functions by their marks and data by what is in it.
fn names(
    sections: wasmparser::NameSectionReader<'_>,
    of: &dyn Fn(u32) -> u32,
    data: &[&[u8]],
) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for section in sections {
        match section.unwrap() {
            Name::Function(map) => {
                for naming in map.into_iter().map(Result::unwrap) {
                    told.push((format!("name of {}", of(naming.index)), naming.name.into()));
                }
            }
            Name::Data(map) => {
                for naming in map.into_iter().map(Result::unwrap) {
                    let is = format!("{:?}", data[naming.index as usize]);
                    told.push((format!("{} is", naming.name), is));
                }
            }
            Name::Local(map) => {
                for mut inside in map.into_iter().map(Result::unwrap) {
                    let name = inside.names.next().unwrap().unwrap().name;
                    told.push((format!("local of {}", of(inside.index)), name.into()));
                }
            }
            _ => panic!("other names"),
        }
    }
    told
}

fn valid(module: &[u8]) -> &[u8] {
    Validator::new().validate_all(module).expect("a valid module");
    module
}

#[test]
fn a_program_in_another_order_says_the_same() {
    let module = program(&DATA);
    let before = meaning(valid(&module));
    let parsed = Program::parse(&module).unwrap();
    assert_eq!(parsed.written(&parsed.orders()), Ok(module.clone()), "as it stands");
    let mut orders = parsed.orders();
    orders.functions.reverse();
    orders.functions.swap(3, 17);
    orders.data.rotate_left(1);
    let after = parsed.written(&orders).unwrap();
    let expected: Vec<u32> = orders.functions.iter().map(|old| *old as u32 + IMPORTED).collect();
    assert_eq!(marks(&after)[IMPORTED as usize..], expected);
    assert_eq!(meaning(valid(&after)), before);
    // And back.
    let after = Program::parse(&after).unwrap();
    let back = |order: &[usize]| {
        let mut back: Vec<usize> = (0..order.len()).collect();
        back.sort_by_key(|old| order[*old]);
        back
    };
    let back = Orders { functions: back(&orders.functions), data: back(&orders.data) };
    assert_eq!(after.written(&back), Ok(module));
}

#[test]
fn the_best_order_is_lighter_and_the_same_each_time() {
    let module = program(&DATA);
    let ordered = best(&module).unwrap();
    assert_eq!(best(&module), Ok(ordered.clone()));
    assert_eq!(meaning(valid(&ordered)), meaning(&module));
    let (before, after) = (weight(&module).unwrap(), weight(&ordered).unwrap());
    assert!(after < before / 2, "{before} bytes, then {after}");
}

#[test]
fn data_moves_only_where_that_cannot_be_seen() {
    let may_move = |data| Program::parse(&program(data)).unwrap().may_move_data();
    assert!(may_move(&DATA));
    assert!(may_move(&[]));
    assert!(!may_move(&[(0, b"one"), (64, b"two"), (2, b"three")]));
}

#[test]
fn a_section_that_may_name_functions_is_refused() {
    let mut module = program(&DATA);
    // Its name's length, its name, one byte.
    module.extend([0, 12, 10]);
    module.extend(b"reloc.CODE\x00");
    assert!(best(&module).unwrap_err().contains("reloc.CODE"));
    assert!(best(b"no module").is_err());
}
