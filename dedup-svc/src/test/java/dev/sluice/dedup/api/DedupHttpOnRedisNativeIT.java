package dev.sluice.dedup.api;

import dev.sluice.service.testing.GrpcClients;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
@WithTestResource(GrpcClients.class)
@WithTestResource(DedupRedisTest.Server.class)
class DedupHttpOnRedisNativeIT extends DedupHttpTest {}
