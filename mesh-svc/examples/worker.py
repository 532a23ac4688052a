#!/usr/bin/env python3
"""A worker of the mesh in Python: serves the ops `reverse` and `slow`.

    pip install grpcio grpcio-tools
    python worker.py --supervisor localhost:9084

It is a client only. It joins the supervisor, which gives it shards of its group; beats; dials every router that the
supervisor names; and runs what they deliver, one request at a time. All that it knows is owned by the main thread:
other threads only read streams and put what comes into its inbox.
"""

import argparse
import collections
import json
import os
import queue
import sys
import threading
import time

import grpc

sys.path.insert(0, os.environ.get("SLUICE_PROTO", os.path.join(os.path.dirname(__file__), "../src/main/proto")))
link, services = grpc.protos_and_services("sluice/mesh/link/v1/link.proto")

WINDOW = 64  # deliveries of one router that may be here unanswered
REMEMBERED = 1000  # answers per shard, so that a repeated request is not run again
PART = 1 << 18  # bytes of them in one message, when a shard moves
MOST_REPLY = (1 << 20) - (1 << 13)  # bytes; with it an answer fits into a message


def reverse(payload):
    if not isinstance(payload, str):
        raise ValueError("the payload must be a string")
    return payload[::-1]


def slow(payload):
    """Takes the milliseconds in the payload; must stay far below a heartbeat, for nothing beats meanwhile."""
    if isinstance(payload, bool) or not isinstance(payload, (int, float)) or not 0 <= payload <= 200:
        raise ValueError("the payload must be milliseconds, 0 to 200")
    time.sleep(payload / 1000)
    return {"slept": payload}


OPS = {"reverse": reverse, "slow": slow}


class Stream:
    """One stream: `send` never waits; what comes goes to the inbox as (this, message), and None at the end."""

    def __init__(self, target, call, inbox):
        self.outbox = queue.SimpleQueue()
        # A connection of its own, so that beats wait behind nothing; given up when it is silent.
        self.channel = grpc.insecure_channel(target, options=[
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.keepalive_time_ms", 10_000), ("grpc.keepalive_timeout_ms", 10_000)])
        self.responses = call(self.channel)(iter(self.outbox.get, None))
        threading.Thread(target=self.read, args=(inbox,), daemon=True).start()

    def read(self, inbox):
        try:
            for message in self.responses:
                inbox.put((self, message))
        except grpc.RpcError as broken:
            print("a stream has ended:", broken.code().name, broken.details(), flush=True)
        inbox.put((self, None))

    def send(self, message):
        self.outbox.put(message)

    def close(self):
        self.outbox.put(None)
        self.responses.cancel()
        self.channel.close()


class Shard:
    def __init__(self, epoch):
        self.epoch = epoch
        self.states = []  # of ops that keep one; these two do not
        self.answered = collections.OrderedDict()  # id -> link.Answered


class Worker:
    def __init__(self, options):
        self.options = options
        self.inbox = queue.Queue()
        self.control = self.beats = None
        self.routers = {}  # target -> Stream
        self.forget()

    def forget(self):
        self.incarnation = 0
        self.heartbeat = 1.0
        self.shards = {}
        self.coming = {}  # shards of which parts are missing
        self.pending = collections.deque()  # (router's stream, delivery)
        self.beat = 0
        self.beat_sent = {}  # number -> when
        self.next_beat = 0.0
        self.lease = 0.0  # until when this may run and answer
        for stream in [self.beats, *self.routers.values()]:
            if stream:
                stream.close()
        self.beats, self.routers = None, {}

    def run(self):
        while True:
            if self.control is None:
                self.join()
            self.send_beat()
            if self.pending and time.monotonic() < self.lease:
                self.answer(*self.pending.popleft())
                wait = 0
            else:
                wait = self.heartbeat / 10
            try:
                stream, message = self.inbox.get(timeout=wait) if wait else self.inbox.get_nowait()
            except queue.Empty:
                continue
            self.take(stream, message)

    def take(self, stream, message):
        if stream is self.control:
            self.control_lost() if message is None else self.obey(message)
        elif stream is self.beats:
            self.acknowledged(message)
        elif stream in self.routers.values():
            self.from_router(stream, message)

    # The supervisor

    def join(self):
        self.control = Stream(
            self.options.supervisor, lambda channel: services.MembershipStub(channel).JoinWorker, self.inbox)
        self.control.send(link.WorkerToSupervisor(join=link.WorkerJoin(
            name=self.options.name, group=self.options.group, ops=sorted(OPS), incarnation=self.incarnation,
            holds={number: shard.epoch for number, shard in self.shards.items()}, pid=os.getpid())))

    def control_lost(self):
        self.control.close()
        self.control = None
        self.coming = {}  # what came in parts begins anew
        time.sleep(0.1)

    def obey(self, order):
        kind = order.WhichOneof("message")
        if kind == "welcome":
            self.incarnation = order.welcome.incarnation
            self.heartbeat = order.welcome.heartbeat.ToTimedelta().total_seconds()
            print("joined as", order.welcome.name, self.incarnation, flush=True)
        elif kind == "own":
            self.own(order.own)
        elif kind == "release":
            self.release(order.release.shard, order.release.epoch)
        elif kind == "routers":
            self.link_with({router.target for router in order.routers.routers})
        elif kind == "stall":
            time.sleep(order.stall.time.ToTimedelta().total_seconds())
        elif kind == "refused":
            sys.exit("refused: " + order.refused.reason)
        elif kind == "fenced":
            print("fenced:", order.fenced.reason, flush=True)
            self.control_lost()
            self.forget()  # and join anew, as another

    def own(self, part):
        shard = self.coming.setdefault(part.shard, Shard(part.epoch))
        shard.states.extend(part.state.states)
        for answered in part.state.answered:
            shard.answered[answered.id] = answered
        if not part.more:
            self.shards[part.shard] = self.coming.pop(part.shard)
            self.control.send(link.WorkerToSupervisor(owned=link.Owned(shard=part.shard, epoch=part.epoch)))

    def release(self, number, epoch):
        shard = self.shards.get(number)
        if shard is None or shard.epoch != epoch:
            return
        del self.shards[number]
        parts = [link.ShardState(states=shard.states)]
        for answered in shard.answered.values():
            if parts[-1].ByteSize() + answered.ByteSize() > PART:
                parts.append(link.ShardState())
            parts[-1].answered.append(answered)
        for part in parts:
            self.control.send(link.WorkerToSupervisor(released=link.Released(
                shard=number, epoch=epoch, state=part, more=part is not parts[-1])))

    # Signs of life

    def send_beat(self):
        now = time.monotonic()
        if not self.incarnation or now < self.next_beat:
            return
        if self.beats is None:
            self.beats = Stream(
                self.options.supervisor, lambda channel: services.MembershipStub(channel).Beats, self.inbox)
        self.next_beat = now + self.heartbeat
        self.beat += 1
        self.beat_sent[self.beat] = now
        self.beats.send(link.Beat(member=self.options.name, incarnation=self.incarnation, number=self.beat))

    def acknowledged(self, ack):
        if ack is None:
            self.beats.close()
            self.beats = None
            return
        sent = self.beat_sent.get(ack.number)
        if sent is not None:
            # From when it was sent, not from now: then the supervisor never gives a shard to another too early.
            self.lease = max(self.lease, sent + 2 * self.heartbeat)
        self.beat_sent = {number: at for number, at in self.beat_sent.items() if number > ack.number}

    # Routers

    def link_with(self, targets):
        for target in list(self.routers):
            if target not in targets:
                self.routers.pop(target).close()
        for target in targets - set(self.routers):
            self.dial(target)

    def dial(self, target):
        stream = Stream(target, lambda channel: services.WorkStub(channel).Work, self.inbox)
        stream.send(link.WorkerToRouter(hello=link.Hello(
            worker=self.options.name, incarnation=self.incarnation, group=self.options.group, window=WINDOW)))
        self.routers[target] = stream
        threading.Thread(target=self.ping, args=(stream,), daemon=True).start()

    def ping(self, stream):
        """A router cuts a link on which nothing comes."""
        while stream.responses.is_active():
            stream.send(link.WorkerToRouter(ping=link.Ping()))
            time.sleep(self.heartbeat)

    def from_router(self, stream, message):
        if message is None:
            # Its deliveries come again over the next link.
            self.pending = collections.deque(each for each in self.pending if each[0] is not stream)
            target = next(target for target, other in self.routers.items() if other is stream)
            self.routers.pop(target).close()
            time.sleep(0.1)
            self.dial(target)
        else:
            self.pending.extend((stream, delivery) for delivery in message.deliveries.deliveries)

    def answer(self, stream, delivery):
        answer = link.Answer(number=delivery.number, epoch=delivery.epoch)
        shard = self.shards.get(delivery.shard)
        if shard is None or shard.epoch != delivery.epoch:
            answer.stale.SetInParent()
        else:
            self.run_once(shard, delivery, answer)
        stream.send(link.WorkerToRouter(answers=link.Answers(answers=[answer])))

    def run_once(self, shard, delivery, answer):
        before = shard.answered.get(delivery.id)
        if before is not None and before.fingerprint != delivery.fingerprint:
            answer.conflicts.SetInParent()
        elif before is not None:
            answer.replied = before.reply
        else:
            try:
                reply = json.dumps(OPS[delivery.op](json.loads(delivery.payload)))
                if len(reply) > MOST_REPLY:  # ASCII: characters are bytes
                    raise ValueError(f"its reply is larger than {MOST_REPLY} bytes")
                answer.replied = reply
            except ValueError as cannot:
                answer.failed = str(cannot)[:1000]
            except Exception as fault:  # not the caller's: it goes to the router's log
                answer.faulty = repr(fault)[:1000]
        if answer.WhichOneof("result") == "replied":
            shard.answered[delivery.id] = link.Answered(
                id=delivery.id, fingerprint=delivery.fingerprint, reply=answer.replied)
            if len(shard.answered) > REMEMBERED:
                shard.answered.popitem(last=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A worker of the mesh that serves " + ", ".join(sorted(OPS)) + ".")
    parser.add_argument("--supervisor", default="localhost:9084", help="host:port of its gRPC")
    parser.add_argument("--name", default=f"python-{os.getpid()}")
    parser.add_argument("--group", default="python")
    try:
        Worker(parser.parse_args()).run()
    except KeyboardInterrupt:
        pass
