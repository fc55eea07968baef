#!/usr/bin/python3
"""Asks for one task as any other program may (interface.md, Queue messages), in another language and
with another client library (pika), waits for the reply and prints it.

usage: producer.py AMQP_URL USER_ID TASK_ID text|voice DATA [REPLY_QUEUE]

Prints one line of JSON: the reply, with its correlation id beside it. Ends with 1 when the broker
does not take the message. Debian's Python has the library: package python3-pika."""

import json
import sys

import pika


def main(url, user, task, kind, data, reply_queue="replies.foreign"):
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.queue_declare(reply_queue, durable=True)
    channel.confirm_delivery()
    message = {"user_id": int(user), "type": kind, "task_id": task, "data": data}
    properties = pika.BasicProperties(
        content_type="application/json", delivery_mode=2, message_id=task, correlation_id=task,
        reply_to=reply_queue)
    try:
        channel.basic_publish("", "tasks", json.dumps(message).encode(), properties, mandatory=True)
    except (pika.exceptions.UnroutableError, pika.exceptions.NackError) as error:
        print(f"the broker does not take it: {error!r}", file=sys.stderr)
        return 1
    for method, answered, body in channel.consume(reply_queue):
        channel.basic_ack(method.delivery_tag)
        print(json.dumps({"correlation_id": answered.correlation_id, "reply": json.loads(body)}))
        break
    connection.close()
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (6, 7):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
