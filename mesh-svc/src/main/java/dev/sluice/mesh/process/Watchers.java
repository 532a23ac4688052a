package dev.sluice.mesh.process;

import dev.sluice.csp.Channel;
import dev.sluice.csp.ChannelClosedException;
import dev.sluice.mesh.model.MeshEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Those who want to know what happens. Bounded, and so is each one's channel. */
final class Watchers {
  static final int MOST = 64;

  /** How many events one may be behind; who is behind further is let go. */
  static final int ROOM = 256;

  private final List<Channel<MeshEvent>> channels = new ArrayList<>();

  /** One more; none when there are {@value #MOST}. */
  Optional<Topology.Watch> add() {
    channels.removeIf(Channel::isClosedForSend);
    if (channels.size() == MOST) {
      return Optional.empty();
    }
    Channel<MeshEvent> channel = Channel.buffered(ROOM);
    channels.add(channel);
    return Optional.of(new Topology.Watch(channel, channel::tryClose));
  }

  void tell(MeshEvent event) {
    channels.removeIf(channel -> !takes(channel, event));
  }

  void close() {
    channels.forEach(Channel::tryClose);
    channels.clear();
  }

  private static boolean takes(Channel<MeshEvent> channel, MeshEvent event) {
    try {
      if (channel.trySend(event)) {
        return true;
      }
    } catch (ChannelClosedException gone) {
      return false;
    }
    channel.tryClose();
    return false;
  }
}
