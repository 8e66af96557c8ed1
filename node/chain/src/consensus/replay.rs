//! The driver that follows: it takes blocks that others decided, checks and executes each.

use marque_proof::{Certificate, SignedHeader};

use super::Consensus;
use crate::application::Application;
use crate::block::Block;
use crate::error::ChainError;

/// Decided blocks, in order, from the one after the newest durable block on; blocks up to it are
/// passed over. It ends with them.
pub struct Replay<I>(pub I);

impl<I> Consensus for Replay<I>
where
    I: Iterator<Item = (Block, Certificate)> + Send + 'static,
{
    fn run(self: Box<Self>, application: Application) -> Result<(), ChainError> {
        for (block, certificate) in self.0 {
            let height = block.header.height;
            if application.is_closed() {
                break;
            }
            if height <= application.durable().height {
                continue;
            }
            let signed = SignedHeader {
                header: block.header.clone(),
                certificate: certificate.clone(),
            };
            application.verify(&signed)?;
            let outcome = application.execute(block)?;
            let outcome = outcome.map_err(|what| ChainError::Damaged {
                height: height.0,
                what,
            })?;
            application.write(Some((outcome, certificate)), None)?;
        }
        Ok(())
    }
}
