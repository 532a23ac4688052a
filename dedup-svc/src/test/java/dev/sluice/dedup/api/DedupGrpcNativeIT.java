package dev.sluice.dedup.api;

import dev.sluice.service.testing.GrpcClients;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
@WithTestResource(GrpcClients.class)
class DedupGrpcNativeIT extends DedupGrpcTest {}
