package dev.sluice.mesh.api.grpc;

import dev.sluice.mesh.api.requests.MeshAnswer;
import dev.sluice.mesh.grpc.MeshReply;
import dev.sluice.mesh.grpc.RequestState;
import dev.sluice.service.grpc.Grpc;

/** Answers to requests as gRPC has them. */
final class ProtoAnswers {
  private ProtoAnswers() {}

  static MeshReply reply(MeshAnswer answer) {
    var message =
        MeshReply.newBuilder()
            .setId(answer.id())
            .setKey(answer.key())
            .setOp(answer.op())
            .setInFlight(answer.inFlight());
    if (answer.shard() != null) {
      message.setShard(answer.shard());
    }
    if (answer.worker() != null) {
      message.setWorker(answer.worker());
    }
    if (answer.epoch() != null) {
      message.setEpoch(answer.epoch());
    }
    if (answer.reply() != null) {
      message.setReply(answer.reply());
    }
    return message.build();
  }

  static RequestState state(MeshAnswer answer) {
    var message =
        RequestState.newBuilder().setId(answer.id()).setKey(answer.key()).setOp(answer.op());
    if (answer.refusal() != null) {
      message.setProblem(Grpc.status(answer.refusal()));
    } else if (!answer.inFlight()) {
      message.setReply(reply(answer));
    }
    return message.build();
  }
}
