package dev.sluice.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Events for tests. */
final class Events {
  private Events() {}

  /** Of the sender {@code s}, to a target that takes it at once. */
  static Webhook event(String id) {
    return event(id, "/fast/orders", null);
  }

  static Webhook event(String id, String path, String account) {
    var data = JsonNodeFactory.instance.objectNode();
    return new Webhook(0, id, "s", "t", "2026-11-20T09:00:00.000Z", path, account, data);
  }
}
