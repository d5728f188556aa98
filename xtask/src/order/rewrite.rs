//! A program taken apart, and written again with its functions and its data in another order.
//!
//! A function is known by its place: wherever a program names one, it is given its new number.

use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, DataSection, FunctionSection, IndirectNameMap, Module, NameMap, NameSection,
};
use wasmparser::{
    CodeSectionReader, Data, DataKind, DataSectionReader, FunctionSectionReader, KnownCustom, Name,
    Operator, Parser, Payload, TypeRef,
};

use crate::run::Outcome;

type Result<T> = std::result::Result<T, reencode::Error<Infallible>>;

/// Sections that are for tools and name neither functions nor places in the code.
const SAFE_CUSTOM: [&str; 3] = ["producers", "target_features", "__wasm_split_unstable"];

/// A program, as far as its order goes.
#[derive(Default)]
pub(super) struct Program<'a> {
    bytes: &'a [u8],
    /// How many functions are imported: they have the first numbers, and keep them.
    imported: u32,
    /// The type of each function of its own.
    types: Vec<u32>,
    functions: Vec<&'a [u8]>,
    data: Vec<&'a [u8]>,
    may_move_data: bool,
}

/// Which of the old functions and pieces of data stands in each place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Orders {
    pub(super) functions: Vec<usize>,
    pub(super) data: Vec<usize>,
}

impl<'a> Program<'a> {
    /// Takes a program apart.
    ///
    /// # Errors
    ///
    /// * it is none, or has a section that might name a function or a place in a way unknown here.
    pub(super) fn parse(bytes: &'a [u8]) -> Outcome<Self> {
        let mut program = Self { bytes, may_move_data: true, ..Self::default() };
        let mut filled = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            program.take(payload.map_err(said)?, &mut filled)?;
        }
        // Pieces that overlap lie on each other in their order.
        filled.sort_unstable();
        program.may_move_data &= filled.is_sorted_by(|before, after| before.1 <= after.0);
        Ok(program)
    }

    /// Takes in one part; `filled` are the bytes of memory that data goes to, as start and end.
    fn take(&mut self, payload: Payload<'a>, filled: &mut Vec<(u64, u64)>) -> Outcome<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let kind = import.map_err(said)?.ty;
                    let is_function = matches!(kind, TypeRef::Func(_) | TypeRef::FuncExact(_));
                    self.imported += u32::from(is_function);
                }
            }
            Payload::FunctionSection(types) => {
                self.types = types.into_iter().collect::<wasmparser::Result<_>>().map_err(said)?;
            }
            Payload::CodeSectionEntry(body) => self.functions.push(body.as_bytes()),
            Payload::DataSection(data) => {
                for piece in data {
                    let piece = piece.map_err(said)?;
                    self.data.push(piece.data);
                    match place(&piece).map_err(said)? {
                        Some(start) => filled.push((start, start + piece.data.len() as u64)),
                        None => self.may_move_data = false,
                    }
                }
            }
            Payload::CustomSection(custom) => {
                let is_known = matches!(custom.as_known(), KnownCustom::Name(_))
                    || SAFE_CUSTOM.contains(&custom.name());
                if !is_known {
                    return Err(format!("its section `{}` may name functions", custom.name()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The bodies of its own functions.
    pub(super) fn functions(&self) -> &[&'a [u8]] {
        &self.functions
    }

    /// The pieces of its data.
    pub(super) fn data(&self) -> &[&'a [u8]] {
        &self.data
    }

    /// Whether its memory is the same at the start whatever the order of the data.
    pub(super) fn may_move_data(&self) -> bool {
        self.may_move_data
    }

    /// The orders in which it stands.
    pub(super) fn orders(&self) -> Orders {
        Orders {
            functions: (0..self.functions.len()).collect(),
            data: (0..self.data.len()).collect(),
        }
    }

    /// The program in other orders.
    ///
    /// # Errors
    ///
    /// * it has what cannot be written.
    pub(super) fn written(&self, orders: &Orders) -> Outcome<Vec<u8>> {
        let mut writer = Writer {
            program: self,
            orders,
            functions: numbers(&orders.functions),
            data: numbers(&orders.data),
        };
        let mut module = Module::new();
        writer.parse_core_module(&mut module, Parser::new(0), self.bytes).map_err(said)?;
        Ok(module.finish())
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Where in memory a piece goes, if that is a plain number in the only memory.
fn place(piece: &Data<'_>) -> wasmparser::Result<Option<u64>> {
    let DataKind::Active { memory_index: 0, offset_expr } = &piece.kind else {
        return Ok(None);
    };
    let mut operators = offset_expr.get_operators_reader();
    Ok(match (operators.read()?, operators.read()?) {
        (Operator::I32Const { value }, Operator::End) => Some(u64::from(value.cast_unsigned())),
        _ => None,
    })
}

/// The new number of each, by its old one.
fn numbers(order: &[usize]) -> Vec<u32> {
    let mut numbers = vec![0; order.len()];
    for (new, old) in (0..).zip(order) {
        numbers[*old] = new;
    }
    numbers
}

/// Copies a program, and puts in order what has one.
struct Writer<'a> {
    program: &'a Program<'a>,
    orders: &'a Orders,
    functions: Vec<u32>,
    data: Vec<u32>,
}

impl Reencode for Writer<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        let imported = self.program.imported;
        Ok(match function.checked_sub(imported) {
            Some(own) => imported + self.functions[own as usize],
            None => function,
        })
    }

    fn data_index(&mut self, data: u32) -> Result<u32> {
        Ok(self.data[data as usize])
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<()> {
        for &function in &self.orders.functions {
            functions.function(self.program.types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<()> {
        let bodies: Vec<_> = section.into_iter().collect::<wasmparser::Result<_>>()?;
        for &function in &self.orders.functions {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        section: DataSectionReader<'_>,
    ) -> Result<()> {
        let pieces: Vec<_> = section.into_iter().collect::<wasmparser::Result<_>>()?;
        for &piece in &self.orders.data {
            self.parse_data(data, pieces[piece].clone())?;
        }
        Ok(())
    }

    fn parse_custom_name_subsection(
        &mut self,
        names: &mut NameSection,
        section: Name<'_>,
    ) -> Result<()> {
        match section {
            Name::Function(map) => names.functions(&sorted(map, |i| self.function_index(i))?),
            Name::Data(map) => names.data(&sorted(map, |i| self.data_index(i))?),
            Name::Local(map) => names.locals(&sorted_inside(map, |i| self.function_index(i))?),
            Name::Label(map) => names.labels(&sorted_inside(map, |i| self.function_index(i))?),
            other => utils::parse_custom_name_subsection(self, names, other)?,
        }
        Ok(())
    }
}

/// Names under their new numbers: they stand in the order of these.
fn sorted(
    old: wasmparser::NameMap<'_>,
    mut number: impl FnMut(u32) -> Result<u32>,
) -> Result<NameMap> {
    let mut named = BTreeMap::new();
    for naming in old {
        let naming = naming?;
        named.insert(number(naming.index)?, naming.name);
    }
    let mut names = NameMap::new();
    for (number, name) in named {
        names.append(number, name);
    }
    Ok(names)
}

/// The same for names inside functions, which stay as they are there.
fn sorted_inside(
    old: wasmparser::IndirectNameMap<'_>,
    mut number: impl FnMut(u32) -> Result<u32>,
) -> Result<IndirectNameMap> {
    let mut named = BTreeMap::new();
    for naming in old {
        let naming = naming?;
        named.insert(number(naming.index)?, utils::name_map(naming.names, Ok)?);
    }
    let mut names = IndirectNameMap::new();
    for (number, inside) in &named {
        names.append(*number, inside);
    }
    Ok(names)
}
