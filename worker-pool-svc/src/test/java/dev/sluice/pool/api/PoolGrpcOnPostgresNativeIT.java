package dev.sluice.pool.api;

import dev.sluice.pool.store.postgres.OnPostgres;
import dev.sluice.service.testing.GrpcClients;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;

@QuarkusIntegrationTest
@WithTestResource(GrpcClients.class)
@WithTestResource(OnPostgres.class)
class PoolGrpcOnPostgresNativeIT extends PoolGrpcTest {}
