package dev.sluice.mesh.config;

import dev.sluice.csp.DeadlineExceededException;
import dev.sluice.csp.Scope;
import dev.sluice.service.life.ServiceLife;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Where the members in this process live, and where its links do, which end after them. */
@Singleton
public class MeshScopes {
  /** How long links may take to send what their members have said last. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Scope services;
  private final Scope members;
  private final Scope links;

  @Inject
  MeshScopes(ServiceLife life) {
    this.services = life.scope();
    this.members = services.child("members");
    this.links = services.child("links");
  }

  Scope members() {
    return members;
  }

  Scope links() {
    return links;
  }

  /** To be called when the members have been started. */
  void endLinksAfterMembers() {
    services.start(
        "end of links",
        () -> {
          try {
            members.join();
          } finally {
            links.deadline(LAST_WORDS);
          }
          try {
            links.join();
          } catch (DeadlineExceededException late) {
            // they have been cut
          }
        });
  }
}
