package dev.sluice.mesh.remote.link;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.sluice.mesh.link.grpc.Answer;
import dev.sluice.mesh.link.grpc.Answers;
import dev.sluice.mesh.link.grpc.Conflicts;
import dev.sluice.mesh.link.grpc.Deliveries;
import dev.sluice.mesh.link.grpc.Delivery;
import dev.sluice.mesh.link.grpc.Hello;
import dev.sluice.mesh.link.grpc.Ping;
import dev.sluice.mesh.link.grpc.RouterToWorker;
import dev.sluice.mesh.link.grpc.Stale;
import dev.sluice.mesh.link.grpc.WorkerToRouter;
import dev.sluice.mesh.model.FromWorker;
import dev.sluice.mesh.model.Request;
import dev.sluice.mesh.model.Result;
import dev.sluice.mesh.model.ToWorker;
import dev.sluice.mesh.model.WorkerHello;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a router and a worker say to each other. */
final class Data {
  /** A batch is cut when it has as many bytes. */
  private static final int PART = 256 << 10;

  /** The longest reply, with which an answer fits into a message. */
  static final int MOST_REPLY = (1 << 20) - (1 << 10);

  /** The most deliveries that a worker may take unanswered. */
  static final int MOST_WINDOW = 10_000;

  private static final JsonFactory JSON = new JsonFactory();

  private Data() {}

  // Of the worker

  static WorkerToRouter hello(WorkerHello hello) {
    return WorkerToRouter.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setWorker(hello.worker().name())
                .setIncarnation(hello.worker().incarnation())
                .setGroup(hello.group())
                .setWindow(hello.window()))
        .build();
  }

  static WorkerHello hello(WorkerToRouter first) {
    if (!first.hasHello()) {
      throw Check.missing("hello");
    }
    var hello = first.getHello();
    return new WorkerHello(
        RouterControl.worker(hello.getWorker(), hello.getIncarnation()),
        Check.name("hello.group", hello.getGroup()),
        (int) Check.within("hello.window", hello.getWindow(), 1, MOST_WINDOW));
  }

  static void sendFromWorker(FromWorker message, Encoder.Sink<WorkerToRouter> to)
      throws InterruptedException {
    switch (message) {
      case FromWorker.Answers(List<FromWorker.Answer> answers) -> encode(answers, to);
      case FromWorker.Ping() ->
          to.send(WorkerToRouter.newBuilder().setPing(Ping.getDefaultInstance()).build());
    }
  }

  private static void encode(List<FromWorker.Answer> answers, Encoder.Sink<WorkerToRouter> to)
      throws InterruptedException {
    var batch = Answers.newBuilder();
    int bytes = 0;
    for (FromWorker.Answer each : answers) {
      Answer answer = encode(each);
      int size = answer.getSerializedSize();
      if (bytes > 0 && bytes + size > PART) {
        to.send(WorkerToRouter.newBuilder().setAnswers(batch).build());
        batch = Answers.newBuilder();
        bytes = 0;
      }
      batch.addAnswers(answer);
      bytes += size;
    }
    to.send(WorkerToRouter.newBuilder().setAnswers(batch).build());
  }

  private static Answer encode(FromWorker.Answer each) {
    Answer answer = encode(each, each.result());
    return answer.getSerializedSize() <= MOST_REPLY ? answer : encode(each, tooLarge());
  }

  private static Answer encode(FromWorker.Answer each, Result result) {
    var answer = Answer.newBuilder().setNumber(each.number()).setEpoch(each.epoch());
    switch (result) {
      case Result.Replied(String reply) -> answer.setReplied(reply);
      case Result.Failed(String reason) -> answer.setFailed(reason);
      case Result.Faulty(String reason) -> answer.setFaulty(reason);
      case Result.Conflicts() -> answer.setConflicts(Conflicts.getDefaultInstance());
      case Result.Full(String reason) -> answer.setFull(reason);
      case Result.Stale() -> answer.setStale(Stale.getDefaultInstance());
    }
    return answer.build();
  }

  private static Result tooLarge() {
    return new Result.Failed("its reply is larger than " + MOST_REPLY + " bytes");
  }

  static FromWorker fromWorker(WorkerToRouter message) {
    return switch (message.getMessageCase()) {
      case HELLO -> throw Check.unexpected("hello");
      case ANSWERS -> answers(message.getAnswers());
      case PING -> new FromWorker.Ping();
      case MESSAGE_NOT_SET -> throw Check.missing("message");
    };
  }

  private static FromWorker answers(Answers answers) {
    var batch = new ArrayList<FromWorker.Answer>(answers.getAnswersCount());
    for (Answer answer : answers.getAnswersList()) {
      batch.add(
          new FromWorker.Answer(
              Check.within("answer.number", answer.getNumber(), 1, Long.MAX_VALUE),
              Check.epoch(answer.getEpoch()),
              result(answer)));
    }
    return new FromWorker.Answers(batch);
  }

  private static Result result(Answer answer) {
    return switch (answer.getResultCase()) {
      case REPLIED -> replied(answer.getReplied());
      case FAILED -> new Result.Failed(answer.getFailed());
      case FAULTY -> new Result.Faulty(answer.getFaulty());
      case CONFLICTS -> new Result.Conflicts();
      case FULL -> new Result.Full(answer.getFull());
      case STALE -> new Result.Stale();
      case RESULT_NOT_SET -> throw Check.missing("answer.result");
    };
  }

  /** A worker may be anybody's, and its replies go into JSON as they are. */
  private static Result replied(String reply) {
    try (JsonParser parser = JSON.createParser(reply)) {
      if (parser.nextToken() == null) {
        return new Result.Faulty("its reply is empty, must be JSON");
      }
      parser.skipChildren();
      return parser.nextToken() == null
          ? new Result.Replied(reply)
          : new Result.Faulty("its reply is more than one JSON value");
    } catch (IOException broken) {
      return new Result.Faulty("its reply is no JSON: " + broken.getMessage());
    }
  }

  // Of the router

  static void sendToWorker(ToWorker message, Encoder.Sink<RouterToWorker> to)
      throws InterruptedException {
    switch (message) {
      case ToWorker.Deliveries(List<ToWorker.Delivery> deliveries) -> deliver(deliveries, to);
      case ToWorker.Ping() ->
          to.send(RouterToWorker.newBuilder().setPing(Ping.getDefaultInstance()).build());
    }
  }

  private static void deliver(List<ToWorker.Delivery> deliveries, Encoder.Sink<RouterToWorker> to)
      throws InterruptedException {
    var batch = Deliveries.newBuilder();
    int bytes = 0;
    for (ToWorker.Delivery each : deliveries) {
      Delivery delivery = encode(each);
      int size = delivery.getSerializedSize();
      if (bytes > 0 && bytes + size > PART) {
        to.send(RouterToWorker.newBuilder().setDeliveries(batch).build());
        batch = Deliveries.newBuilder();
        bytes = 0;
      }
      batch.addDeliveries(delivery);
      bytes += size;
    }
    to.send(RouterToWorker.newBuilder().setDeliveries(batch).build());
  }

  private static Delivery encode(ToWorker.Delivery each) {
    Request request = each.request();
    return Delivery.newBuilder()
        .setNumber(each.number())
        .setShard(each.shard())
        .setEpoch(each.epoch())
        .setId(request.id())
        .setKey(request.key())
        .setOp(request.op())
        .setPayload(request.payload())
        .setFingerprint(States.fingerprint(request.fingerprint()))
        .build();
  }

  static ToWorker toWorker(RouterToWorker message) {
    return switch (message.getMessageCase()) {
      case DELIVERIES -> deliveries(message.getDeliveries());
      case PING -> new ToWorker.Ping();
      case MESSAGE_NOT_SET -> throw Check.missing("message");
    };
  }

  private static ToWorker deliveries(Deliveries deliveries) {
    var batch = new ArrayList<ToWorker.Delivery>(deliveries.getDeliveriesCount());
    for (Delivery delivery : deliveries.getDeliveriesList()) {
      batch.add(
          new ToWorker.Delivery(
              Check.within("delivery.number", delivery.getNumber(), 1, Long.MAX_VALUE),
              Check.shard(delivery.getShard()),
              Check.epoch(delivery.getEpoch()),
              request(delivery)));
    }
    return new ToWorker.Deliveries(batch);
  }

  /** Whether it is durable is the router's business: no worker can tell. */
  private static Request request(Delivery delivery) {
    return new Request(
        Check.key("delivery.id", delivery.getId()),
        Check.key("delivery.key", delivery.getKey()),
        Check.name("delivery.op", delivery.getOp()),
        delivery.getPayload(),
        false,
        States.fingerprint(delivery.getFingerprint()));
  }
}
