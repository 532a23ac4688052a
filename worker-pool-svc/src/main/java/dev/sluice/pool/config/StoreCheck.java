package dev.sluice.pool.config;

import dev.sluice.csp.Reply;
import dev.sluice.pool.process.WorkerPool;
import dev.sluice.service.engine.EngineCheck;
import dev.sluice.store.StoreStatus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the engine answers. */
@Readiness
@Singleton
public class StoreCheck extends EngineCheck {

  @Inject
  StoreCheck(WorkerPool pool) {
    super(() -> new LinkedHashMap<String, Reply<StoreStatus>>(Map.of("dispatcher", pool.store())));
  }
}
