//! What parties say of one another. Each issuer changes its own word alone, and nothing that is
//! said reaches into the past: what a rule was told at an earlier block stays what it was.

use crate::kernel::{Draft, Kernel};
use crate::stop::Do;
use marque_primitives::action::{Kind, PartyRef};
use marque_primitives::credential::{CredentialKind, CredentialNumber};
use marque_primitives::history::Terms;
use marque_primitives::record::{Credential, Party};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::{Address, Position, TimeMs, key};

impl Kernel<'_, '_> {
    /// Says something of a party, or says it again.
    pub(crate) fn issue_credential(
        &mut self,
        subject: PartyRef,
        kind: &CredentialKind,
        number: &CredentialNumber,
        from: Option<TimeMs>,
        until: Option<TimeMs>,
    ) -> Do<()> {
        let issuer = self.account();
        self.check_party(issuer, "account")?;
        let subject = self.resolve(subject, "subject")?;
        self.check_party(subject, "subject")?;
        let leaf = key::credential(&subject, &issuer, kind);
        let before: Option<Credential> = self.state.get("credential", &leaf)?;
        let from = self.begins(before.as_ref(), number, from)?;
        if let Some(until) = until
            && until < from.max(self.acting.block.time)
        {
            let message = "the credential would end before it begins, or before block time";
            return Err(Refusal::kernel(Invariant::InvalidPeriod, message)
                .field("until")
                .expected(&format!("from {} ms on", from.max(self.acting.block.time)))
                .into());
        }
        let credential = Credential {
            from,
            until,
            revoked: None,
            number: number.clone(),
            event: Position(0),
        };
        self.write_credential(&leaf, subject, kind, credential)
    }

    /// The first moment of what is issued now. One that is in force and renewed under its
    /// number goes on, so that a renewal ahead of time takes nothing away; nor does any other.
    fn begins(
        &self,
        before: Option<&Credential>,
        number: &CredentialNumber,
        asked: Option<TimeMs>,
    ) -> Do<TimeMs> {
        let now = self.acting.block.time;
        let from = asked.unwrap_or(now);
        if from < now {
            let message = "a credential holds from block time on at the earliest";
            return Err(Refusal::kernel(Invariant::Retroactive, message)
                .field("from")
                .expected(&format!("from {now} ms on"))
                .into());
        }
        let Some(before) = before.filter(|before| before.valid_at(now)) else {
            return Ok(from);
        };
        let same = before.number == *number;
        let joins = before.until.is_none_or(|until| from <= until.plus(1));
        match (same, joins) {
            (true, true) => Ok(before.from),
            (false, _) if from == now => Ok(now),
            _ => {
                let message = "the credential in force would end before this one begins";
                Err(Refusal::kernel(Invariant::InvalidPeriod, message)
                    .field("from")
                    .into())
            }
        }
    }

    /// Ends what the account said, with block time.
    pub(crate) fn revoke_credential(&mut self, subject: PartyRef, kind: &CredentialKind) -> Do<()> {
        let issuer = self.account();
        let subject = self.resolve(subject, "subject")?;
        let leaf = key::credential(&subject, &issuer, kind);
        let now = self.acting.block.time;
        let open = |credential: &Credential| {
            credential.revoked.is_none() && credential.until.is_none_or(|until| now <= until)
        };
        let before: Option<Credential> = self.state.get("credential", &leaf)?;
        let Some(credential) = before.filter(open) else {
            let message = format!("{issuer} has no {kind} of {subject} that it could revoke");
            return Err(Refusal::kernel(Invariant::UnknownCredential, &message)
                .field("kind")
                .into());
        };
        let credential = Credential {
            revoked: Some(now),
            ..credential
        };
        self.write_credential(&leaf, subject, kind, credential)
    }

    fn write_credential(
        &mut self,
        leaf: &[u8],
        subject: Address,
        kind: &CredentialKind,
        credential: Credential,
    ) -> Do<()> {
        let draft = Draft {
            to: Some(subject),
            terms: Some(Terms::Credential {
                kind: kind.clone(),
                number: credential.number.clone(),
                from: credential.from,
                until: credential.until,
                revoked: credential.revoked.is_some(),
            }),
            ..Draft::default()
        };
        let written = self.write_event(Kind::Credential, draft)?;
        let credential = Credential {
            event: written.position,
            ..credential
        };
        self.state.put(leaf, &credential)
    }

    fn check_party(&mut self, account: Address, field: &str) -> Do<()> {
        let party: Option<Party> = self.state.get("party", &key::party(&account))?;
        if party.is_some() {
            return Ok(());
        }
        let message = format!("{account} is no registered party");
        Err(Refusal::kernel(Invariant::UnknownParty, &message)
            .field(field)
            .into())
    }
}
