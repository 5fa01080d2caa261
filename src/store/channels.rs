//! Watch channels: what Google was asked to tell us of, and how it is recognised.

use super::column::{end_seconds, moment, seconds};
use super::database::Database;
use crate::domain::id::ChannelId;
use crate::domain::time::Moment;
use crate::port::channels::{ChannelRecords, ChannelStore, TokenHash, WatchChannel};
use crate::port::store::StoreError;
use rusqlite::{Result, Row, params};

impl ChannelRecords for Database {
    fn channels(&self, listener: &str) -> std::result::Result<Vec<WatchChannel>, StoreError> {
        let mut rows = self.conn.prepare_cached(
            "SELECT channel_id, calendar_id, listener, resource_id, token_hash, expires_at
             FROM watch_channels WHERE listener = ?1
             ORDER BY calendar_id, expires_at, channel_id",
        )?;
        let channels = rows.query_map([listener], read)?;
        Ok(channels.collect::<Result<_>>()?)
    }
}

impl ChannelStore for Database {
    fn keep_channel(&mut self, channel: &WatchChannel) -> std::result::Result<(), StoreError> {
        self.transaction(|tx| {
            tx.prepare_cached(
                "INSERT INTO watch_channels
                     (channel_id, calendar_id, listener, resource_id, token_hash, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (channel_id) DO UPDATE SET
                     resource_id = excluded.resource_id, expires_at = excluded.expires_at",
            )?
            .execute(params![
                channel.id.as_str(),
                channel.calendar.as_str(),
                channel.listener,
                channel.resource_id,
                channel.token.0,
                end_seconds(channel.expires_at),
            ])?;
            Ok(())
        })
    }

    fn forget_channel(&mut self, id: &ChannelId) -> std::result::Result<(), StoreError> {
        self.transaction(|tx| {
            tx.prepare_cached("DELETE FROM watch_channels WHERE channel_id = ?1")?
                .execute([id.as_str()])?;
            Ok(())
        })
    }

    fn forget_ended(&mut self, now: Moment) -> std::result::Result<(), StoreError> {
        self.transaction(|tx| {
            tx.prepare_cached("DELETE FROM watch_channels WHERE expires_at <= ?1")?
                .execute([seconds(now)])?;
            Ok(())
        })
    }
}

fn read(row: &Row<'_>) -> Result<WatchChannel> {
    Ok(WatchChannel {
        id: row.get::<_, String>(0)?.into(),
        calendar: row.get::<_, String>(1)?.into(),
        listener: row.get(2)?,
        resource_id: row.get(3)?,
        token: TokenHash(row.get(4)?),
        expires_at: moment(row, 5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::channels::ChannelToken;
    use crate::store::tests::{Clinic, at};

    fn channel(id: &str, listener: &str) -> WatchChannel {
        WatchChannel {
            id: id.into(),
            calendar: "cal".into(),
            listener: listener.to_owned(),
            resource_id: None,
            token: ChannelToken::new("open sesame").hash(),
            expires_at: at(60),
        }
    }

    #[test]
    fn a_channel_is_kept_before_google_answers_and_completed_afterwards() {
        let mut clinic = Clinic::empty();
        let asked = channel("c-1", "127.0.0.1:8443");
        clinic.db.keep_channel(&asked).unwrap();
        let of = |clinic: &Clinic| clinic.another().channels("127.0.0.1:8443").unwrap();
        assert_eq!(of(&clinic), std::slice::from_ref(&asked));
        let open = WatchChannel {
            resource_id: Some("r-1".to_owned()),
            expires_at: at(50),
            ..asked
        };
        clinic.db.keep_channel(&open).unwrap();
        assert_eq!(of(&clinic), std::slice::from_ref(&open));
        clinic.db.forget_channel(&open.id).unwrap();
        clinic.db.forget_channel(&open.id).unwrap();
        assert_eq!(of(&clinic), []);
    }

    #[test]
    fn a_program_sees_the_channels_of_its_own_address_only() {
        let mut clinic = Clinic::empty();
        for (id, listener) in [("c-1", "127.0.0.1:1"), ("c-2", "127.0.0.1:2")] {
            clinic.db.keep_channel(&channel(id, listener)).unwrap();
        }
        let seen = clinic.db.channels("127.0.0.1:2").unwrap();
        assert_eq!(seen, [channel("c-2", "127.0.0.1:2")]);
        clinic.db.forget_ended(at(59)).unwrap();
        assert_eq!(clinic.db.channels("127.0.0.1:1").unwrap().len(), 1);
        clinic.db.forget_ended(at(60)).unwrap();
        assert_eq!(clinic.db.channels("127.0.0.1:1").unwrap(), []);
    }

    #[test]
    fn no_token_stands_in_the_file() {
        let mut clinic = Clinic::empty();
        clinic.db.keep_channel(&channel("c-1", "x")).unwrap();
        let kept: Vec<u8> = clinic
            .db
            .conn
            .query_row("SELECT token_hash FROM watch_channels", [], |r| r.get(0))
            .unwrap();
        assert_eq!(kept.len(), 32);
        let wal = clinic.path.with_extension("db-wal");
        for file in [clinic.path.clone(), wal] {
            let bytes = std::fs::read(file).unwrap_or_default();
            assert!(!bytes.windows(11).any(|part| part == b"open sesame"));
        }
    }
}
