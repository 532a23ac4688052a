package dev.sluice.pool.store.postgres;

import java.util.List;

/**
 * The outbox, and the function that puts jobs into it within somebody else's transaction. What is
 * wrong with a job is an error there, so that what is in the outbox is good.
 *
 * <p>The function takes no lock that another one waits for, but on a job with the same idempotency
 * key, so a long transaction is in nobody's way. It has the rights of the schema's owner: who is to
 * submit needs {@code USAGE} of the schema and {@code EXECUTE} of the function, and gets nothing
 * else with them.
 */
final class OutboxSchema {
  static final List<String> VERSION_1 =
      List.of(
          """
          CREATE TABLE outbox(
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the order within a transaction
            id uuid NOT NULL UNIQUE,
            queue text COLLATE "C" NOT NULL,
            payload text NOT NULL, -- JSON
            priority int NOT NULL,
            delay bigint NOT NULL,
            not_before bigint,
            deadline bigint,
            attempts int, -- null, as all below: as the queue's settings say
            timeout bigint,
            backoff_initial bigint,
            backoff_factor double precision,
            backoff_max bigint,
            backoff_jitter double precision,
            idempotency_key text COLLATE "C",
            grp text COLLATE "C",
            call text, -- JSON
            submitted_at bigint NOT NULL,
            failed text -- why it cannot be moved; null: it can
          )\
          """,
          "CREATE UNIQUE INDEX outbox_by_key ON outbox(queue, idempotency_key)"
              + " WHERE idempotency_key IS NOT NULL",
          """
          CREATE FUNCTION wrong_option(name text, value jsonb, allowed text) RETURNS void
          LANGUAGE plpgsql AS $$
          BEGIN
            RAISE EXCEPTION 'sluice.submit: % is %, must be %', name, left(value::text, 200), allowed
              USING ERRCODE = 'invalid_parameter_value';
          END $$\
          """,
          """
          CREATE FUNCTION option_millis(options jsonb, name text, smallest bigint, largest bigint)
          RETURNS bigint LANGUAGE plpgsql AS $$
          DECLARE
            value jsonb := options -> name;
            given text := options ->> name;
            part text[];
            millis numeric;
          BEGIN
            IF value IS NULL OR given IS NULL THEN
              RETURN NULL;
            END IF;
            IF jsonb_typeof(value) = 'string' THEN
              part := regexp_match(given, '^([0-9]{1,12})(ms|s|m|h|d)$');
              IF part IS NOT NULL THEN
                millis := part[1]::numeric * CASE part[2] WHEN 'ms' THEN 1 WHEN 's' THEN 1000
                  WHEN 'm' THEN 60000 WHEN 'h' THEN 3600000 ELSE 86400000 END;
              ELSIF given ~ '^P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]{1,3})?S)?)?$'
                  AND given ~ '[0-9]' AND length(given) <= 40 THEN
                millis := floor(extract(epoch FROM given::interval) * 1000);
              END IF;
            END IF;
            IF millis IS NULL OR millis < smallest OR millis > largest THEN
              PERFORM wrong_option(name, value,
                format('a duration of %s ms to %s ms, such as "250ms", "10s", "5m", "24h"', smallest, largest));
            END IF;
            RETURN millis;
          END $$\
          """,
          """
          CREATE FUNCTION option_instant(options jsonb, name text)
          RETURNS bigint LANGUAGE plpgsql AS $$
          DECLARE
            given text := options ->> name;
            instant timestamptz;
          BEGIN
            IF given IS NULL THEN
              RETURN NULL;
            END IF;
            IF given ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$' THEN
              BEGIN
                instant := given::timestamptz;
              EXCEPTION WHEN data_exception THEN
                instant := NULL;
              END;
            END IF;
            IF instant IS NULL OR instant < 'epoch'::timestamptz THEN
              PERFORM wrong_option(name, options -> name,
                'an instant such as "2030-01-31T08:00:00Z"');
            END IF;
            RETURN floor(extract(epoch FROM instant) * 1000);
          END $$\
          """,
          """
          CREATE FUNCTION option_number(options jsonb, name text, smallest numeric, largest numeric)
          RETURNS numeric LANGUAGE plpgsql AS $$
          DECLARE
            value jsonb := options -> name;
            number numeric;
          BEGIN
            IF value IS NULL OR value = 'null' THEN
              RETURN NULL;
            END IF;
            IF jsonb_typeof(value) = 'number' THEN
              number := value::numeric;
            END IF;
            IF number IS NULL OR number < smallest OR number > largest THEN
              PERFORM wrong_option(name, value, format('a number from %s to %s', smallest, largest));
            END IF;
            RETURN number;
          END $$\
          """,
          """
          CREATE FUNCTION option_key(options jsonb, name text)
          RETURNS text LANGUAGE plpgsql AS $$
          DECLARE
            value jsonb := options -> name;
            given text := options ->> name;
          BEGIN
            IF given IS NULL THEN
              RETURN NULL;
            END IF;
            IF jsonb_typeof(value) <> 'string' OR octet_length(given) NOT BETWEEN 1 AND 256
                OR given ~ '[[:cntrl:]]' THEN
              PERFORM wrong_option(name, value,
                'a text of 1 to 256 bytes without control characters');
            END IF;
            RETURN given;
          END $$\
          """,
          """
          CREATE FUNCTION require_options(options jsonb, name text, allowed text[])
          RETURNS void LANGUAGE plpgsql AS $$
          DECLARE
            unknown text;
          BEGIN
            IF jsonb_typeof(options) IS DISTINCT FROM 'object' THEN
              PERFORM wrong_option(name, options, 'an object');
            END IF;
            SELECT min(key) INTO unknown FROM jsonb_object_keys(options) key
              WHERE key <> ALL(allowed);
            IF unknown IS NOT NULL THEN
              RAISE EXCEPTION 'sluice.submit: % has no %, there are %',
                  name, left(to_json(unknown)::text, 200), array_to_string(allowed, ', ')
                USING ERRCODE = 'invalid_parameter_value';
            END IF;
          END $$\
          """,
          """
          CREATE FUNCTION option_target(options jsonb)
          RETURNS text LANGUAGE plpgsql AS $$
          DECLARE
            target jsonb := options -> 'target';
            method text;
            url text;
            headers jsonb;
            header record;
            seen text[] := '{}';
          BEGIN
            IF target IS NULL OR target = 'null' THEN
              RETURN NULL;
            END IF;
            PERFORM require_options(target, 'target', '{method,url,headers}');
            method := coalesce(target ->> 'method', 'POST');
            IF method <> ALL('{GET,POST,PUT,PATCH,DELETE,HEAD}'::text[]) THEN
              PERFORM wrong_option('target.method', target -> 'method',
                'one of GET, POST, PUT, PATCH, DELETE, HEAD');
            END IF;
            url := target ->> 'url';
            IF url IS NULL OR length(url) > 4096 OR url !~ ('^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?'
                || '(:[0-9]{1,5})?([/?]([A-Za-z0-9._~:/?@!$&''()*+,;=-]|%[0-9A-Fa-f]{2})*)?$') THEN
              PERFORM wrong_option('target.url', target -> 'url',
                'an absolute URL with http or https and a host, such as "https://example.org/hook"');
            END IF;
            headers := coalesce(nullif(target -> 'headers', 'null'), '{}');
            IF jsonb_typeof(headers) <> 'object' OR length(headers::text) > 16384 THEN
              PERFORM wrong_option('target.headers', headers, 'an object of at most 16384 characters');
            END IF;
            FOR header IN SELECT key AS name, value FROM jsonb_each(headers) LOOP
              IF header.name !~ '^[0-9A-Za-z!#$%&''*+.^_`|~-]+$'
                  OR lower(header.name) ~ '^sluice-'
                  OR lower(header.name) = ANY('{connection,content-length,expect,host,http2-settings,idempotency-key,keep-alive,proxy-authenticate,proxy-authorization,proxy-connection,te,trailer,transfer-encoding,upgrade}')
                  OR lower(header.name) = ANY(seen) THEN
                PERFORM wrong_option('target.headers', to_jsonb(header.name),
                  'the name of a header that the service does not set, once');
              END IF;
              IF jsonb_typeof(header.value) <> 'string'
                  OR (header.value #>> '{}') !~ '^[ -~\\t]*$' THEN
                PERFORM wrong_option('target.headers.' || header.name, header.value,
                  'a text of visible ASCII characters, spaces and tabs');
              END IF;
              seen := seen || lower(header.name);
            END LOOP;
            RETURN jsonb_build_object('method', method, 'url', url, 'headers', headers)::text;
          END $$\
          """,
          """
          CREATE FUNCTION queue_is_push(name text)
          RETURNS boolean LANGUAGE sql AS $$
            SELECT coalesce(
              (SELECT (settings::jsonb ->> 'kind') = 'PUSH' FROM queue q
                WHERE q.name = queue_is_push.name AND settings IS NOT NULL),
              name = 'push')
          $$\
          """,
          """
          CREATE FUNCTION submit(queue text, payload jsonb, options jsonb DEFAULT '{}')
          RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = sluice, pg_temp AS $$
          #variable_conflict use_variable
          <<fields>>
          DECLARE
            now bigint := now_millis();
            random text := replace(gen_random_uuid()::text, '-', '');
            id uuid := (lpad(to_hex(now), 12, '0') || '7' || substr(random, 14))::uuid;
            key text;
            target text;
            delay bigint;
            not_before bigint;
            deadline bigint;
            backoff jsonb;
            first bigint;
            longest bigint;
            existing uuid;
            attempts numeric;
          BEGIN
            IF queue IS NULL OR queue !~ '^[A-Za-z0-9._-]{1,100}$' OR queue IN ('.', '..') THEN
              PERFORM wrong_option('queue', to_jsonb(queue), '1 to 100 characters of A-Z, a-z, 0-9, ., _ and -');
            END IF;
            IF octet_length(payload::text) > 1048576 THEN
              RAISE EXCEPTION 'sluice.submit: payload has % bytes, must be at most 1048576',
                octet_length(payload::text) USING ERRCODE = 'invalid_parameter_value';
            END IF;
            options := coalesce(options, '{}');
            PERFORM require_options(options, 'options',
              '{priority,delay,notBefore,deadline,attempts,timeout,backoff,idempotencyKey,group,target}');
            IF coalesce(options ->> 'priority', 'normal') <> ALL('{normal,high}'::text[]) THEN
              PERFORM wrong_option('priority', options -> 'priority', '"high" or "normal"');
            END IF;
            key := option_key(options, 'idempotencyKey');
            delay := coalesce(option_millis(options, 'delay', 0, 316224000000), 0);
            not_before := option_instant(options, 'notBefore');
            deadline := option_instant(options, 'deadline');
            IF deadline <= not_before THEN
              PERFORM wrong_option('deadline', options -> 'deadline', 'after notBefore');
            END IF;
            backoff := coalesce(nullif(options -> 'backoff', 'null'), '{}');
            PERFORM require_options(backoff, 'backoff', '{initial,factor,max,jitter}');
            first := option_millis(backoff, 'initial', 1, 604800000);
            longest := option_millis(backoff, 'max', 1, 604800000);
            IF longest < first THEN
              PERFORM wrong_option('backoff.max', backoff -> 'max', 'initial or longer');
            END IF;
            attempts := option_number(options, 'attempts', 1, 100);
            IF attempts <> trunc(attempts) THEN
              PERFORM wrong_option('attempts', options -> 'attempts', 'a whole number');
            END IF;
            target := option_target(options);
            IF (target IS NOT NULL) <> queue_is_push(queue) THEN
              PERFORM wrong_option('target', options -> 'target',
                CASE WHEN target IS NULL THEN 'given: ' || queue || ' is a push queue'
                ELSE 'left out: ' || queue || ' is a pull queue' END);
            END IF;
            FOR turn IN 1..100 LOOP
              IF key IS NOT NULL THEN
                SELECT i.id INTO existing FROM idempotency i
                  WHERE i.queue = submit.queue AND i.name = key AND i.expires > now_millis();
                IF FOUND THEN
                  DELETE FROM outbox o WHERE o.id = fields.id; -- made in a round before
                  RETURN existing;
                END IF;
                IF turn > 1 AND EXISTS(SELECT FROM outbox o WHERE o.id = fields.id) THEN
                  RETURN id;
                END IF;
              END IF;
              INSERT INTO outbox(id, queue, payload, priority, delay, not_before, deadline, attempts,
                  timeout, backoff_initial, backoff_factor, backoff_max, backoff_jitter,
                  idempotency_key, grp, call, submitted_at)
                VALUES(id, queue, coalesce(payload, 'null')::text,
                  CASE options ->> 'priority' WHEN 'high' THEN 0 ELSE 1 END, delay, not_before,
                  deadline, attempts::int,
                  option_millis(options, 'timeout', 1, 600000), first,
                  option_number(backoff, 'factor', 1, 100), longest,
                  option_number(backoff, 'jitter', 0, 1), key, option_key(options, 'group'), target,
                  now)
                ON CONFLICT DO NOTHING;
              IF FOUND THEN
                PERFORM pg_notify('sluice_outbox', '');
                IF key IS NULL THEN
                  RETURN id;
                END IF; -- the key may have left the outbox while this waited for it: look again
              ELSE
                SELECT o.id INTO existing FROM outbox o
                  WHERE o.queue = submit.queue AND o.idempotency_key = key;
                IF FOUND THEN
                  RETURN existing;
                END IF;
              END IF;
            END LOOP;
            RAISE EXCEPTION 'sluice.submit: the key % changes too fast', key
              USING ERRCODE = 'serialization_failure';
          END $$\
          """,
          "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sluice FROM PUBLIC",
          """
          COMMENT ON FUNCTION submit(text, jsonb, jsonb) IS
            'Submits a job within this transaction: it is there when the transaction commits'\
          """);

  private OutboxSchema() {}
}
