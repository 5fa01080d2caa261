//! What somebody has read of the inbox.

use super::engine::Engine;
use crate::port::calendar::Calendar;
use crate::port::clock::{Clock, Ids};
use crate::port::command::{Actor, Outcome, Refusal};
use crate::port::notices::ReadWhich;
use crate::port::store::Store;

impl<C, S, K, I> Engine<C, S, K, I>
where
    C: Calendar,
    S: Store + 'static,
    K: Clock,
    I: Ids,
{
    pub(super) async fn read_notices(
        &self,
        actor: &Actor,
        which: ReadWhich,
    ) -> Result<Outcome, Refusal> {
        let stamp = self.stamp(actor);
        let read = self
            .store(move |store| store.read_notices(&stamp, &which))
            .await?;
        Ok(Outcome::NoticesRead(read))
    }
}
