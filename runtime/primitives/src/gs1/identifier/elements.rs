//! An identifier as its AIs and values, and the digits that its licence begins with.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::Identifier;
use crate::gs1::{Licensed, PrefixDigits};

impl Identifier {
    /// AIs and their values: the primary key, then its qualifiers in path order; nothing
    /// for an opaque URI.
    #[must_use]
    pub fn elements(&self) -> Vec<(&'static str, String)> {
        let mut elements = Vec::new();
        let mut put = |ai, value: &dyn fmt::Display| elements.push((ai, value.to_string()));
        let mut qualifiers: [Option<(&'static str, &dyn fmt::Display)>; 3] = [None; 3];
        match self {
            Self::Gtin { gtin, variant } => {
                put("01", gtin);
                qualifiers = [of("22", variant), None, None];
            }
            Self::Lgtin { gtin, lot, variant } => {
                put("01", gtin);
                qualifiers = [of("22", variant), Some(("10", lot)), None];
            }
            Self::Sgtin {
                gtin,
                serial,
                lot,
                variant,
            } => {
                put("01", gtin);
                qualifiers = [of("22", variant), of("10", lot), Some(("21", serial))];
            }
            Self::Upui { gtin, tpx } => {
                put("01", gtin);
                put("235", tpx);
            }
            Self::Itip {
                itip,
                serial,
                lot,
                variant,
            } => {
                put("8006", itip);
                qualifiers = [of("22", variant), of("10", lot), of("21", serial)];
            }
            Self::Sscc(sscc) => put("00", sscc),
            Self::Grai(grai) => put("8003", &format_args!("0{grai}")),
            Self::Giai(giai) => put("8004", giai),
            Self::Sgln { gln, extension } => {
                put("414", gln);
                qualifiers = [of("254", extension), None, None];
            }
            Self::Pgln(gln) => put("417", gln),
            Self::Gsrnp { gsrn, instance } => {
                put("8017", gsrn);
                qualifiers = [of("8019", instance), None, None];
            }
            Self::Gsrn { gsrn, instance } => {
                put("8018", gsrn);
                qualifiers = [of("8019", instance), None, None];
            }
            Self::Gdti(gdti) => put("253", gdti),
            Self::Gcn(gcn) => put("255", gcn),
            Self::Ginc(ginc) => put("401", ginc),
            Self::Gsin(gsin) => put("402", gsin),
            Self::Cpi { cpid, serial } => {
                put("8010", cpid);
                qualifiers = [of("8011", serial), None, None];
            }
            Self::Gmn(gmn) => put("8013", gmn),
            Self::PaymentSlip { payee, reference } => {
                put("415", payee);
                put("8020", reference);
            }
            Self::Eoid { gln, uic } => {
                put("417", gln);
                put("7040", uic);
            }
            Self::Fid { gln, uic } => {
                put("414", gln);
                put("7040", uic);
            }
            Self::Mid { giai, uic } => {
                put("8004", giai);
                put("7040", uic);
            }
            Self::Opaque(_) => {}
        }
        for (ai, value) in qualifiers.into_iter().flatten() {
            put(ai, value);
        }
        elements
    }
}

fn of<'a, T: fmt::Display>(
    ai: &'static str,
    value: &'a Option<T>,
) -> Option<(&'static str, &'a dyn fmt::Display)> {
    value.as_ref().map(|value| (ai, value as &dyn fmt::Display))
}

impl Licensed for Identifier {
    fn prefix_digits(&self) -> Option<PrefixDigits> {
        match self {
            Self::Gtin { gtin, .. }
            | Self::Lgtin { gtin, .. }
            | Self::Sgtin { gtin, .. }
            | Self::Upui { gtin, .. } => gtin.prefix_digits(),
            Self::Itip { itip, .. } => itip.prefix_digits(),
            Self::Sscc(sscc) => sscc.prefix_digits(),
            Self::Grai(grai) => grai.prefix_digits(),
            Self::Giai(giai) | Self::Mid { giai, .. } => giai.prefix_digits(),
            Self::Pgln(gln)
            | Self::Sgln { gln, .. }
            | Self::Eoid { gln, .. }
            | Self::Fid { gln, .. }
            | Self::PaymentSlip { payee: gln, .. } => gln.prefix_digits(),
            Self::Gsrnp { gsrn, .. } | Self::Gsrn { gsrn, .. } => gsrn.prefix_digits(),
            Self::Gdti(gdti) => gdti.prefix_digits(),
            Self::Gcn(gcn) => gcn.prefix_digits(),
            Self::Ginc(ginc) => ginc.prefix_digits(),
            Self::Gsin(gsin) => gsin.prefix_digits(),
            Self::Cpi { cpid, .. } => cpid.prefix_digits(),
            Self::Gmn(gmn) => gmn.prefix_digits(),
            Self::Opaque(_) => None,
        }
    }
}
