package dev.sluice.mesh.process.router;

import dev.sluice.csp.Reply;
import dev.sluice.mesh.process.RouterLook;
import dev.sluice.mesh.process.Told;

/** What somebody wants to know of the router. */
sealed interface Question {

  /** What is known of an id. */
  record Find(String id, Reply<Told> reply) implements Question {}

  /** How it is. */
  record Look(Reply<RouterLook> reply) implements Question {}
}
