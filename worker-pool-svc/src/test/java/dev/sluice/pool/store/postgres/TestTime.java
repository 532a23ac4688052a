package dev.sluice.pool.store.postgres;

import java.time.Duration;

/** The time of a database, which stands still but for {@link #pass}. */
final class TestTime {
  private final String address;

  private TestTime(String address) {
    this.address = address;
  }

  /** Stops the time of a database that has its tables already. */
  static TestTime stop(String address) {
    PostgresServer.execute(
        address,
        """
        CREATE TABLE sluice.test_time(millis bigint NOT NULL);
        INSERT INTO sluice.test_time VALUES(1800000000000);
        CREATE OR REPLACE FUNCTION sluice.now_millis() RETURNS bigint LANGUAGE sql VOLATILE
        AS $$ SELECT millis FROM sluice.test_time $$\
        """);
    return new TestTime(address);
  }

  void pass(Duration time) {
    PostgresServer.execute(
        address, "UPDATE sluice.test_time SET millis = millis + " + time.toMillis());
  }
}
