package dev.sluice.mesh.process.router;

import dev.sluice.mesh.model.RouterCounts.Load;
import dev.sluice.mesh.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The workers that the router has heard of, by name. Where platforms give every process a name of
 * its own there is no end of them, so those are forgotten that have had no link for longest.
 */
final class Peers {
  /** So many may be linked. */
  static final int MAX_LINKS = 1024;

  private static final int MAX = 4 * MAX_LINKS;

  private final SequencedMap<String, Peer> byName = new LinkedHashMap<>();

  /** The worker of that name, who is the last to be forgotten from now on. */
  Peer of(String name) {
    Peer known = byName.get(name);
    Peer peer = known != null ? known : new Peer(name);
    byName.putLast(name, peer);
    if (known == null && byName.size() > MAX) {
      forgetOne();
    }
    return peer;
  }

  private void forgetOne() {
    for (var each = byName.values().iterator(); each.hasNext(); ) {
      if (each.next().link == null) {
        each.remove();
        return;
      }
    }
  }

  /** The link to that very process; null when there is none. */
  @Nullable WorkerLink link(WorkerId worker) {
    Peer peer = byName.get(worker.name());
    WorkerLink link = peer == null ? null : peer.link;
    return link != null && link.worker().equals(worker) ? link : null;
  }

  /** One more request has been answered by that worker. */
  void served(String name) {
    Peer peer = byName.get(name);
    if (peer != null) {
      peer.served++;
    }
  }

  /** Those that there are now. */
  List<WorkerLink> links() {
    var links = new ArrayList<WorkerLink>();
    for (Peer peer : byName.values()) {
      if (peer.link != null) {
        links.add(peer.link);
      }
    }
    return links;
  }

  Map<String, Load> loads() {
    var loads = new HashMap<String, Load>();
    byName
        .values()
        .forEach(peer -> {
          WorkerLink link = peer.link;
          loads.put(
              peer.name, new Load(link != null, link == null ? 0 : link.unanswered(), peer.served));
        });
    return Map.copyOf(loads);
  }
}
