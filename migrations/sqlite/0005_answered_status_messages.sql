-- Whether a message has become an answer: the user pressed its button before it was known as the task's.
CREATE INDEX deliveries_that_edit ON deliveries (chat_id, edit) WHERE edit IS NOT NULL;
