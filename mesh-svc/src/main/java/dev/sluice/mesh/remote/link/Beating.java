package dev.sluice.mesh.remote.link;

import dev.sluice.mesh.model.Beat;
import dev.sluice.mesh.model.BeatAck;

/** Signs of life and their acknowledgements. */
final class Beating {
  private Beating() {}

  static void sendBeat(Beat beat, Encoder.Sink<dev.sluice.mesh.link.grpc.Beat> to)
      throws InterruptedException {
    to.send(
        dev.sluice.mesh.link.grpc.Beat.newBuilder()
            .setMember(beat.member())
            .setIncarnation(beat.incarnation())
            .setNumber(beat.number())
            .build());
  }

  static Beat beat(dev.sluice.mesh.link.grpc.Beat beat) {
    return new Beat(
        Check.name("member", beat.getMember()),
        Check.within("incarnation", beat.getIncarnation(), 0, Long.MAX_VALUE),
        beat.getNumber());
  }

  static void sendAck(BeatAck ack, Encoder.Sink<dev.sluice.mesh.link.grpc.BeatAck> to)
      throws InterruptedException {
    to.send(dev.sluice.mesh.link.grpc.BeatAck.newBuilder().setNumber(ack.number()).build());
  }

  static BeatAck ack(dev.sluice.mesh.link.grpc.BeatAck ack) {
    return new BeatAck(ack.getNumber());
  }
}
