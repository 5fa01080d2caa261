//! The questions that are open. One a topic: a newer one makes the older void, and an answer to a
//! void one is dropped by its number.

use super::effect::Effect;
use crate::port::query::Query;
use crate::port::report::Topic;
use std::collections::HashMap;

#[derive(Clone, Debug)]
struct Asked {
    number: u64,
    query: Query,
    open: bool,
    again: bool,
}

/// What was asked last, by topic.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    last: u64,
    topics: HashMap<Topic, Asked>,
}

impl Questions {
    /// Asks, whatever was asked before.
    pub fn ask(&mut self, topic: Topic, query: Query) -> Effect {
        self.last += 1;
        let asked = Asked {
            number: self.last,
            query: query.clone(),
            open: true,
            again: false,
        };
        self.topics.insert(topic, asked);
        Effect::Ask {
            topic,
            question: self.last,
            query,
        }
    }

    /// Asks only if the last question of the topic was another one.
    pub fn want(&mut self, topic: Topic, query: Query) -> Option<Effect> {
        match self.topics.get(&topic) {
            Some(asked) if asked.query == query => None,
            _ => Some(self.ask(topic, query)),
        }
    }

    /// Asks the last question of the topic again. If it is still open, it is asked again once it is
    /// answered: otherwise a mirror that changes often would make every answer void.
    pub fn renew(&mut self, topic: Topic) -> Option<Effect> {
        let asked = self.topics.get_mut(&topic)?;
        if asked.open {
            asked.again = true;
            return None;
        }
        let query = asked.query.clone();
        Some(self.ask(topic, query))
    }

    /// Forgets the topic: an answer to it is dropped.
    pub fn forget(&mut self, topic: Topic) {
        self.topics.remove(&topic);
    }

    /// Whether the topic waits for its answer.
    pub fn is_open(&self, topic: Topic) -> bool {
        self.topics.get(&topic).is_some_and(|asked| asked.open)
    }

    /// An answer has come. None: it is void. Otherwise what was asked, and the question to ask anew
    /// where the mirror has changed meanwhile.
    pub fn close(&mut self, topic: Topic, number: u64) -> Option<(Query, Option<Effect>)> {
        let asked = self.topics.get_mut(&topic)?;
        if asked.number != number || !asked.open {
            return None;
        }
        asked.open = false;
        let query = asked.query.clone();
        let again = std::mem::take(&mut asked.again);
        let renewed = again.then(|| self.ask(topic, query.clone()));
        Some((query, renewed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(effect: &Effect) -> u64 {
        match effect {
            Effect::Ask { question, .. } => *question,
            _ => 0,
        }
    }

    #[test]
    fn an_answer_to_an_older_question_is_void() {
        let mut questions = Questions::default();
        let first = number(&questions.ask(Topic::Overview, Query::Overview));
        let second = number(&questions.ask(Topic::Overview, Query::Overview));
        assert!(questions.close(Topic::Overview, first).is_none());
        assert!(questions.close(Topic::Overview, second).is_some());
        assert!(questions.close(Topic::Overview, second).is_none());
    }

    #[test]
    fn a_mirror_that_changes_often_does_not_starve_the_answers() {
        let mut questions = Questions::default();
        let first = number(&questions.ask(Topic::Repairs, Query::Repairs));
        assert!(questions.renew(Topic::Repairs).is_none());
        assert!(questions.renew(Topic::Repairs).is_none());
        let (_, again) = questions.close(Topic::Repairs, first).unwrap();
        assert!(again.is_some());
    }
}
