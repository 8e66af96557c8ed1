//! What a rule is asked: the movement, and the contract's own products in it.

use alloc::vec::Vec;
use marque_primitives::action::{Kind, Right};
use marque_primitives::date::Date;
use marque_primitives::detail::{Detail, Place, Term};
use marque_primitives::gs1::LotNumber;
use marque_primitives::record::Status;
use marque_primitives::thing::{Line, Run, ThingId};
use marque_primitives::{Address, Amount, Decimal, Height, TimeMs};
use parity_scale_codec::{Decode, Encode};

/// The input of a rule's export: one movement, with the lines of this contract's products.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Movement {
    /// What is to happen.
    pub kind: Kind,
    /// Whether it is a report of something past: the goods have moved already, and a refusal
    /// only keeps custody from following them.
    pub captured: bool,
    /// On whose behalf.
    pub account: Address,
    /// The key that signed.
    pub signer: Address,
    /// Who gives: the custodian or owner before.
    pub from: Option<Address>,
    /// Who is to receive.
    pub to: Option<Address>,
    /// Which right, for offers and claims and what follows them.
    pub what: Option<Right>,
    /// The unit that is packed or unpacked.
    pub parent: Option<ThingId>,
    /// The block.
    pub height: Height,
    /// The block's time.
    pub now: TimeMs,
    /// When it happened; `now` for an intent that names no time.
    pub time: TimeMs,
    /// When, where, why and with what evidence; `rest` is left out.
    pub detail: Detail,
    /// This contract's products in the movement.
    pub lines: Vec<MovedLine>,
}

/// The part that a line has in a movement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum Part {
    /// It moves.
    #[codec(index = 0)]
    Subject,
    /// It is used up.
    #[codec(index = 1)]
    Input,
    /// It is made.
    #[codec(index = 2)]
    Output,
}

/// Things of one product, lot and state that move together: a run of items, a quantity of
/// a lot, or what a unit holds of them.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct MovedLine {
    /// Its part.
    pub part: Part,
    /// The product or asset type.
    pub line: Line,
    /// The lot.
    pub lot: Option<LotNumber>,
    /// The last good day.
    pub expiry: Option<Date>,
    /// The serials, where items are named themselves.
    pub run: Option<Run>,
    /// The unit in which they move, where a unit is named.
    pub within: Option<ThingId>,
    /// How many or how much.
    pub amount: Amount,
    /// The worst of its own and its lot's status.
    pub status: Status,
    /// Whether a recall of it is open.
    pub recalled: bool,
    /// In a unit: how many are held on their own.
    pub held: Decimal,
    /// Who has it.
    pub custodian: Option<Address>,
    /// Who owns it.
    pub owner: Option<Address>,
    /// Where it was last said to be.
    pub place: Option<Place>,
    /// CBV disposition before.
    pub disposition: Option<Term>,
    /// When its custody last changed; for what ended, when it did; for a quantity, when its
    /// lot was first commissioned; for a unit's contents, when the unit moved.
    pub moved: TimeMs,
}
