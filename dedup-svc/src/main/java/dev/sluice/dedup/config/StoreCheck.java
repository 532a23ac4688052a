package dev.sluice.dedup.config;

import dev.sluice.service.engine.EngineCheck;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that every process that keeps something has a node of the engine that answers. */
@Readiness
@Singleton
public class StoreCheck extends EngineCheck {

  @Inject
  StoreCheck(Engines engines) {
    super(engines::ask);
  }
}
