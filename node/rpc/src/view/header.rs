//! Headers and the transactions of blocks.

use marque_client::api::{BlockHeader, BlockTransaction, Certificate, CommitSignature};
use marque_primitives::bounded::Bytes;
use marque_primitives::signature::SIGNATURE_LEN;
use marque_primitives::transaction::Transaction;
use marque_proof::SignedHeader;

pub(crate) fn header(signed: &SignedHeader) -> BlockHeader {
    let signatures = signed
        .certificate
        .signatures
        .iter()
        .map(|signed| CommitSignature {
            signer: signed.signer,
            signature: Bytes::new(signed.signature.to_vec()).unwrap_or_default(),
        });
    let certificate = Certificate {
        round: signed.certificate.round,
        signatures: signatures.collect(),
    };
    BlockHeader::new(&signed.header, certificate)
}

pub(crate) fn transaction(transaction: &Transaction) -> BlockTransaction {
    let bytes = transaction.bytes();
    let signature = bytes
        .split_at_checked(bytes.len().saturating_sub(SIGNATURE_LEN))
        .map(|(_, last)| last.to_vec());
    BlockTransaction {
        hash: transaction.id(),
        body: transaction.body().clone(),
        signature: signature
            .and_then(|bytes| Bytes::new(bytes).ok())
            .unwrap_or_default(),
    }
}
