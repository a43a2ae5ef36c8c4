/* test-machine-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-core.h"
#include "lodge-error.h"
#include "lodge-host.h"
#include "lodge-machine-preferences-private.h"
#include "lodge-machine-resources-private.h"
#include "lodge-usage-private.h"
#include "test-await.h"
#include "test-host.h"
#include "test-wait.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>

#define GIBIBYTE G_GUINT64_CONSTANT (1048576)

/* libvirt's test driver: its memory and cores follow at once. */

typedef struct
{
  LodgeHost             *host;
  LodgeMachine          *machine;    /* the one of data/hosts/resources.xml: "test", running */
  LodgeMachineResources *resources;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->host = test_host_of_data ("resources.xml");
  test_open_host (fixture->host);

  fixture->machine = lodge_host_dup_machine (fixture->host, "test");
  fixture->resources = lodge_machine_get_resources (fixture->machine);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->machine);
  lodge_host_close (fixture->host);
  g_clear_object (&fixture->host);
}

/* Instead of libvirt's: one that is about to store a definition when something else is written, and lets
 * that go first if it can.
 */
static struct
{
  GMutex   lock;
  GCond    cond;
  gboolean expected;
  gboolean begun;
  gboolean overtaken;
} storing;

virDomainPtr
virDomainDefineXML (virConnectPtr connect,
                    const char   *xml)
{
  virDomainPtr (*real) (virConnectPtr, const char *) = dlsym (RTLD_NEXT, "virDomainDefineXML");
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  g_mutex_lock (&storing.lock);
  storing.begun = TRUE;
  while (storing.expected && !storing.overtaken &&
         g_cond_wait_until (&storing.cond, &storing.lock, end))
    continue;
  g_mutex_unlock (&storing.lock);

  return real (connect, xml);
}

static gboolean
is_storing (void)
{
  gboolean begun;

  g_mutex_lock (&storing.lock);
  begun = storing.begun;
  g_mutex_unlock (&storing.lock);

  return begun;
}

static GError *
try_memory (LodgeMachineResources *resources,
            guint64                kib)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_resources_set_memory_async (resources, kib, NULL, test_await_cb, &result);
  lodge_machine_resources_set_memory_finish (resources, test_await (&result), &error);

  return error;
}

static GError *
try_vcpus (LodgeMachineResources *resources,
           guint                  n)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_resources_set_vcpus_async (resources, n, NULL, test_await_cb, &result);
  lodge_machine_resources_set_vcpus_finish (resources, test_await (&result), &error);

  return error;
}

static void
test_reads (Fixture       *fixture,
            gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;

  g_assert_true (lodge_machine_get_resources (fixture->machine) == resources);
  g_assert_true (lodge_machine_resources_get_machine (resources) == fixture->machine);
  g_assert_nonnull (lodge_machine_resources_get_pending (resources));
  g_assert_false (lodge_machine_resources_is_ready (resources));

  test_wait (lodge_machine_resources_is_ready (resources));
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_live_maximum (resources), ==, 8 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_boot (resources), ==, 8 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_SETTLED);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 2);
  g_assert_cmpint (lodge_machine_resources_get_memory_obstacle (resources), ==,
                   LODGE_OBSTACLE_NONE);
}

static void
test_sets_memory (Fixture       *fixture,
                  gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  error = try_memory (resources, 3 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 3 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 3 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 3 * GIBIBYTE);
}

/* Before the first look, too. */
static void
test_sets_memory_at_once (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GError) error = try_memory (fixture->resources, 3 * GIBIBYTE);

  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (fixture->resources), ==,
                    3 * GIBIBYTE);
}

static void
test_refuses_nonsense (Fixture       *fixture,
                       gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) none = NULL, much = NULL, cores = NULL, many = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));

  none = try_memory (resources, 0);
  g_assert_error (none, LODGE_ERROR, LODGE_ERROR_INVALID);
  much = try_memory (resources, 8 * GIBIBYTE + 1);
  g_assert_error (much, LODGE_ERROR, LODGE_ERROR_INVALID);
  cores = try_vcpus (resources, 0);
  g_assert_error (cores, LODGE_ERROR, LODGE_ERROR_INVALID);
  many = try_vcpus (resources, 10000);
  g_assert_error (many, LODGE_ERROR, LODGE_ERROR_INVALID);

  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 2);
}

/* Whoever has written it down: it stands until the guest has its memory again, and is gone then. */
static void
test_finds_a_loan (Fixture       *fixture,
                   gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (fixture->machine);
  g_autoptr(GError) error = NULL;
  LodgeLoan *loan;

  test_wait (lodge_machine_resources_is_ready (resources));
  _lodge_machine_preferences_set_loan (preferences, "some other", 3 * GIBIBYTE, GIBIBYTE);
  test_wait (lodge_machine_resources_get_loan (resources) != NULL);
  loan = lodge_machine_resources_get_loan (resources);
  g_assert_cmpuint (lodge_loan_get_amount (loan), ==, GIBIBYTE);
  g_assert_true (lodge_loan_get_lender (loan) == fixture->machine);
  g_assert_null (lodge_loan_get_borrower (loan));

  error = try_memory (resources, 5 * GIBIBYTE / 2);
  g_assert_no_error (error);
  g_assert_true (lodge_machine_resources_get_loan (resources) == loan);
  g_assert_cmpuint (lodge_loan_get_amount (loan), ==, GIBIBYTE / 2);
  g_assert_cmpuint (lodge_machine_preferences_get_loan_amount (preferences), ==, GIBIBYTE);

  error = try_memory (resources, 3 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_null (lodge_machine_resources_get_loan (resources));
  test_wait (lodge_machine_preferences_get_loan_amount (preferences) == 0);

  /* What was over before it was read is none. */
  _lodge_machine_preferences_set_loan (preferences, "some other", 3 * GIBIBYTE, GIBIBYTE);
  test_wait (lodge_machine_preferences_get_loan_amount (preferences) == GIBIBYTE);
  g_assert_null (lodge_machine_resources_get_loan (resources));
  test_wait (lodge_machine_preferences_get_loan_amount (preferences) == 0);
}

/* A guest that says nothing of itself keeps a careful share, whatever is asked. */
static void
test_keeps_the_floor (Fixture       *fixture,
                      gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  g_assert_cmpint (lodge_machine_resources_get_memory_floor_source (resources), ==,
                   LODGE_FLOOR_ASSUMED);

  error = try_memory (resources, 1024);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==,
                    lodge_machine_resources_get_memory_floor (resources));
  g_assert_cmpuint (lodge_machine_resources_get_memory_floor (resources), >=, GIBIBYTE);
}

/* While a slider moves, what is under way ends and the newest follows; the rest is never sent. */
static void
test_newest_wins (Fixture       *fixture,
                  gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  GAsyncResult *results[6] = { NULL, };

  test_wait (lodge_machine_resources_is_ready (resources));

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    lodge_machine_resources_set_memory_async (resources, (2 + i) * GIBIBYTE, NULL,
                                              test_await_cb, &results[i]);

  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 7 * GIBIBYTE);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(GAsyncResult) result = test_await (&results[i]);
      g_autoptr(GError) error = NULL;

      lodge_machine_resources_set_memory_finish (resources, result, &error);
      if (i == 0 || i == G_N_ELEMENTS (results) - 1)
        g_assert_no_error (error);
      else
        g_assert_error (error, LODGE_ERROR, LODGE_ERROR_SUPERSEDED);
    }

  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 7 * GIBIBYTE);
}

/* What Lodge does by itself is not what the user wants at the next start, and waits for nobody. */
static void
test_moves_memory (Fixture       *fixture,
                   gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  GAsyncResult *wanted = NULL, *moved = NULL, *late = NULL;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  lodge_machine_resources_move_memory_async (resources, 4 * GIBIBYTE, NULL, test_await_cb, &moved);
  lodge_machine_resources_move_memory_finish (resources, test_await (&moved), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 4 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 4 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 2 * GIBIBYTE);

  lodge_machine_resources_set_memory_async (resources, 5 * GIBIBYTE, NULL, test_await_cb, &wanted);
  lodge_machine_resources_move_memory_async (resources, 3 * GIBIBYTE, NULL, test_await_cb, &late);
  lodge_machine_resources_move_memory_finish (resources, test_await (&late), &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_SUPERSEDED);
  g_clear_error (&error);
  lodge_machine_resources_set_memory_finish (resources, test_await (&wanted), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 5 * GIBIBYTE);

  g_object_unref (moved);
  g_object_unref (wanted);
  g_object_unref (late);
}

static void
test_sets_vcpus (Fixture       *fixture,
                 gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  error = try_vcpus (resources, 3);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 3);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 3);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_stored (resources), ==, 3);
}

static void
test_says_when_it_is_out_of_reach (Fixture       *fixture,
                                   gconstpointer  data)
{
  LodgeMachineResources *resources = fixture->resources;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (resources));
  lodge_host_close (fixture->host);
  test_wait (lodge_machine_resources_get_memory_obstacle (resources) ==
             LODGE_OBSTACLE_UNREACHABLE);

  error = try_memory (resources, 3 * GIBIBYTE);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DISCONNECTED);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
}

/* A machine that does what the test says. */

#define FAKE_TYPE_RESOURCES (fake_resources_get_type ())

G_DECLARE_FINAL_TYPE (FakeResources, fake_resources, FAKE, RESOURCES, LodgeMachineResources)

struct _FakeResources
{
  LodgeMachineResources  parent_instance;
  guint64                reached;
  guint64                stored;
  gboolean               off;
  gboolean               deflates;
  int                    refusal;     /* the code that changes end with, or -1 */
  gboolean               idle;        /* what it is told changes nothing */
  gboolean               slow;        /* looks end when the test says so */
  gboolean               broken;      /* looks fail */
  guint                  vcpus;
  GTask                 *look;        /* one that has not ended */
  guint                  n_ended;     /* looks and changes */
  GArray                *kinds;       /* of what was sent */
};

G_DEFINE_FINAL_TYPE (FakeResources, fake_resources, LODGE_TYPE_MACHINE_RESOURCES)

static LodgeResourceFacts *
fake_facts (FakeResources *self)
{
  LodgeResourceFacts *facts = lodge_resource_facts_new ();
  g_autofree char *live = NULL, *stored = NULL;

  live = g_strdup_printf ("<domain type='kvm'><memory unit='GiB'>8</memory><vcpu current='%u'>4</vcpu>"
                          "<devices><memballoon model='virtio' autodeflate='%s'/></devices></domain>",
                          self->vcpus, self->deflates ? "on" : "off");
  stored = g_strdup_printf ("<domain type='kvm'><memory unit='GiB'>8</memory>"
                            "<currentMemory>%" G_GUINT64_FORMAT "</currentMemory><vcpu>4</vcpu>"
                            "<devices><memballoon model='virtio'/></devices></domain>",
                            self->stored);
  facts->can_change = TRUE;
  facts->live = self->off ? NULL : lodge_resource_definition_parse (live, NULL);
  facts->stored = lodge_resource_definition_parse (stored, NULL);
  facts->balloon = self->reached;
  facts->available = self->reached;
  facts->usable = self->reached - MIN (self->reached, GIBIBYTE / 2);

  return facts;
}

static void
fake_resources_read_async (LodgeMachineResources *resources,
                           GCancellable          *cancellable,
                           GAsyncReadyCallback    callback,
                           gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (resources, cancellable, callback, user_data);
  FakeResources *self = FAKE_RESOURCES (resources);
  LodgeResourceFacts *facts = fake_facts (self);

  if (self->broken)
    {
      lodge_resource_facts_free (facts);
      g_task_return_new_error (task, LODGE_ERROR, LODGE_ERROR_FAILED, "the host is busy");
    }
  else if (self->slow)
    {
      g_task_set_task_data (task, facts, NULL);
      self->look = g_steal_pointer (&task);
    }
  else
    g_task_return_pointer (task, facts, (GDestroyNotify)lodge_resource_facts_free);
}

static void
fake_resources_change_async (LodgeMachineResources     *resources,
                             const LodgeResourceChange *change,
                             GCancellable              *cancellable,
                             GAsyncReadyCallback        callback,
                             gpointer                   user_data)
{
  FakeResources *self = FAKE_RESOURCES (resources);
  g_autoptr(GTask) task = g_task_new (resources, cancellable, callback, user_data);
  LodgeResourceFacts *facts;
  guint kind = change->kind;

  g_array_append_val (self->kinds, kind);
  if (change->kind == LODGE_CHANGE_MEMORY && !self->idle &&
      (self->refusal < 0 || self->refusal == LODGE_ERROR_NOT_STORED))
    self->reached = change->value;
  if (change->kind == LODGE_CHANGE_MEMORY && self->refusal < 0)
    self->stored = change->value;

  facts = fake_facts (self);
  if ((change->kind == LODGE_CHANGE_MEMORY || change->kind == LODGE_CHANGE_LIVE_MEMORY) &&
      (self->refusal < 0 || self->refusal == LODGE_ERROR_NOT_STORED))
    facts->sent = change->value;
  if (self->refusal >= 0)
    facts->failure = g_error_new_literal (LODGE_ERROR, self->refusal, "no");

  g_task_return_pointer (task, facts, (GDestroyNotify)lodge_resource_facts_free);
}

static LodgeResourceFacts *
fake_resources_finish (LodgeMachineResources  *resources,
                       GAsyncResult           *result,
                       GError                **error)
{
  FAKE_RESOURCES (resources)->n_ended++;

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_resources_finalize (GObject *object)
{
  g_array_unref (FAKE_RESOURCES (object)->kinds);

  G_OBJECT_CLASS (fake_resources_parent_class)->finalize (object);
}

static void
fake_resources_class_init (FakeResourcesClass *klass)
{
  LodgeMachineResourcesClass *resources_class = LODGE_MACHINE_RESOURCES_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_resources_finalize;
  resources_class->read_async = fake_resources_read_async;
  resources_class->read_finish = fake_resources_finish;
  resources_class->change_async = fake_resources_change_async;
  resources_class->change_finish = fake_resources_finish;
}

static void
fake_resources_init (FakeResources *self)
{
  self->reached = self->stored = 4 * GIBIBYTE;
  self->refusal = -1;
  self->vcpus = 2;
  self->kinds = g_array_new (FALSE, FALSE, sizeof (guint));
}

static FakeResources *
make_fake (Fixture *fixture)
{
  FakeResources *fake = g_object_new (FAKE_TYPE_RESOURCES, "machine", fixture->machine, NULL);

  lodge_machine_resources_refresh (LODGE_MACHINE_RESOURCES (fake));
  test_wait (lodge_machine_resources_is_ready (LODGE_MACHINE_RESOURCES (fake)));

  return fake;
}

static void
see (FakeResources *fake,
     guint64        reached)
{
  fake->reached = reached;
  lodge_machine_resources_refresh (LODGE_MACHINE_RESOURCES (fake));
  test_wait (lodge_machine_resources_get_memory_reached (LODGE_MACHINE_RESOURCES (fake)) == reached);
}

/* The slider goes back to where it was, also after several in a row. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GAsyncResult) first = NULL, second = NULL;
  g_autoptr(GError) error = NULL, other = NULL;

  fake->refusal = LODGE_ERROR_FAILED;
  lodge_machine_resources_set_memory_async (resources, 5 * GIBIBYTE, NULL, test_await_cb, &first);
  lodge_machine_resources_set_memory_async (resources, 6 * GIBIBYTE, NULL, test_await_cb, &second);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 6 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_MOVING);

  lodge_machine_resources_set_memory_finish (resources, test_await (&first), &error);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_FAILED);
  lodge_machine_resources_set_memory_finish (resources, test_await (&second), &other);
  g_assert_error (other, LODGE_ERROR, LODGE_ERROR_FAILED);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 4 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_SETTLED);
}

/* Whose it is says so once, and then the controls do. */
static void
test_denied (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GError) error = NULL;

  fake->refusal = LODGE_ERROR_DENIED;
  error = try_memory (resources, 5 * GIBIBYTE);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_DENIED);
  g_assert_cmpint (lodge_machine_resources_get_memory_obstacle (resources), ==,
                   LODGE_OBSTACLE_DENIED);
  g_assert_cmpint (lodge_machine_resources_get_vcpus_obstacle (resources), ==,
                   LODGE_OBSTACLE_DENIED);
}

/* The guest has it; only its next start does not. */
static void
test_not_stored (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GError) error = NULL;

  fake->refusal = LODGE_ERROR_NOT_STORED;
  error = try_memory (resources, 5 * GIBIBYTE);
  g_assert_error (error, LODGE_ERROR, LODGE_ERROR_NOT_STORED);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_stored (resources), ==, 4 * GIBIBYTE);
}

/* Cores do not wait for memory's newest value, nor the other way. */
static void
test_kinds_are_apart (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GAsyncResult) last = NULL;

  for (guint i = 1; i <= 3; i++)
    {
      lodge_machine_resources_set_memory_async (resources, (4 + i) * GIBIBYTE, NULL, NULL, NULL);
      lodge_machine_resources_set_vcpus_async (resources, 1 + i, NULL, NULL, NULL);
    }
  lodge_machine_resources_store_memory_async (resources, GIBIBYTE, NULL, test_await_cb, &last);
  test_await (&last);

  g_assert_cmpuint (fake->kinds->len, ==, 4);
  g_assert_cmpuint (fake->reached, ==, 7 * GIBIBYTE);
}

/* Somebody else's wish counts as well; a guest that took its memory back is no such wish. */
static void
test_follows_others (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GError) error = NULL;

  see (fake, 3 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 3 * GIBIBYTE);

  error = try_memory (resources, 2 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_SETTLED);

  fake->deflates = TRUE;
  see (fake, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_MOVING);
}

/* On the way, each step is nearer and nobody's wish. */
static void
test_comes_nearer (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GError) error = NULL;

  fake->idle = TRUE;
  error = try_memory (resources, 2 * GIBIBYTE);
  g_assert_no_error (error);

  for (guint64 reached = 4 * GIBIBYTE - GIBIBYTE / 2; reached > 2 * GIBIBYTE; reached -= GIBIBYTE / 2)
    {
      see (fake, reached);
      g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
      g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==,
                       LODGE_REACH_MOVING);
    }

  see (fake, 2 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_SETTLED);
}

/* Nor is it somebody's wish when a guest has begun to move before the answer is there that it was told
 * to, however often its figures come meanwhile.
 */
static void
test_moves_early (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fake->idle = TRUE;
  fake->reached = 4 * GIBIBYTE - GIBIBYTE / 4;
  lodge_machine_resources_move_memory_async (resources, 2 * GIBIBYTE, NULL, test_await_cb, &result);
  _lodge_machine_resources_update (resources);
  lodge_machine_resources_move_memory_finish (resources, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_MOVING);

  see (fake, 3 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 2 * GIBIBYTE);
}

/* Asked in the moment of its start, before anybody has seen it run. */
static void
test_asked_at_once (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GError) error = NULL;

  fake->off = TRUE;
  fake->stored = 8 * GIBIBYTE;
  see (fake, 8 * GIBIBYTE);

  fake->off = FALSE;
  fake->idle = TRUE;
  error = try_memory (resources, 5 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 8 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_MOVING);
}

/* And a look of meanwhile is the first to see it run. */
static void
test_seen_meanwhile (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GError) error = NULL;

  fake->off = TRUE;
  fake->stored = 8 * GIBIBYTE;
  see (fake, 8 * GIBIBYTE);

  /* It ends before the change does. */
  fake->off = FALSE;
  fake->idle = TRUE;
  _lodge_machine_resources_read (resources);
  error = try_memory (resources, 5 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpint (lodge_machine_resources_get_memory_state (resources), ==, LODGE_REACH_MOVING);
}

/* What was seen before a change does not come back after it. */
static void
test_overtaken (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  g_autoptr(GTask) look = NULL;
  g_autoptr(GError) error = NULL;
  guint n;

  see (fake, 8 * GIBIBYTE);

  fake->slow = TRUE;
  _lodge_machine_resources_read (resources);
  look = g_steal_pointer (&fake->look);
  fake->slow = FALSE;

  error = try_memory (resources, 5 * GIBIBYTE);
  g_assert_no_error (error);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 5 * GIBIBYTE);

  n = fake->n_ended;
  g_task_return_pointer (look, g_task_get_task_data (look),
                         (GDestroyNotify)lodge_resource_facts_free);
  test_wait (fake->n_ended == n + 1);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 5 * GIBIBYTE);
  g_assert_cmpuint (lodge_machine_resources_get_memory_reached (resources), ==, 5 * GIBIBYTE);

  /* And another look follows. */
  test_wait (fake->n_ended == n + 2);
  g_assert_cmpuint (lodge_machine_resources_get_memory_asked (resources), ==, 5 * GIBIBYTE);
}

/* Statistics tell of a core that somebody has plugged in, and a look that fails is not the last one. */
static void
test_sees_plugged_cores (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  LodgeMachineResources *resources = LODGE_MACHINE_RESOURCES (fake);
  LodgeUsage *usage = lodge_machine_get_usage (fixture->machine);
  LodgeFigures figures = { .vcpus = 3 };
  guint n = fake->n_ended;

  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 2);

  fake->vcpus = 3;
  fake->broken = TRUE;
  _lodge_usage_apply (usage, &figures, 1);
  test_wait (fake->n_ended == n + 1);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_reached (resources), ==, 2);

  fake->broken = FALSE;
  _lodge_usage_apply (usage, &figures, 2);
  test_wait (lodge_machine_resources_get_vcpus_reached (resources) == 3);
  g_assert_cmpuint (lodge_machine_resources_get_vcpus_asked (resources), ==, 3);
}

/* What waits for a restart is named. */
static void
test_pending (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FakeResources) fake = make_fake (fixture);
  GListModel *pending = lodge_machine_resources_get_pending (LODGE_MACHINE_RESOURCES (fake));
  g_autoptr(LodgePendingChange) change = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (pending), ==, 0);
  fake->deflates = TRUE;
  lodge_machine_resources_refresh (LODGE_MACHINE_RESOURCES (fake));
  test_wait (g_list_model_get_n_items (pending) == 1);

  change = g_list_model_get_item (pending, 0);
  g_assert_cmpint (lodge_pending_change_get_kind (change), ==, LODGE_PENDING_DEFLATE);
  g_assert_cmpuint (lodge_pending_change_get_now (change), ==, 1);
  g_assert_cmpuint (lodge_pending_change_get_later (change), ==, 0);
}

/* Who edits the definition does not undo what is written into it meanwhile. */
static void
test_edits_follow_each_other (Fixture       *fixture,
                              gconstpointer  data)
{
  LodgeMachinePreferences *preferences = lodge_machine_get_preferences (fixture->machine);
  g_autoptr(GAsyncResult) stored = NULL, written = NULL;
  g_autoptr(GError) error = NULL;

  test_wait (lodge_machine_resources_is_ready (fixture->resources));
  storing.expected = TRUE;
  lodge_machine_resources_store_vcpus_async (fixture->resources, 8, NULL, test_await_cb, &stored);
  test_wait (is_storing ());
  lodge_machine_preferences_set_memory_range_async (preferences, FALSE, GIBIBYTE, 0, NULL,
                                                    test_await_cb, &written);
  lodge_machine_preferences_set_memory_range_finish (preferences, test_await (&written), &error);
  g_assert_no_error (error);

  g_mutex_lock (&storing.lock);
  storing.overtaken = TRUE;
  g_cond_signal (&storing.cond);
  g_mutex_unlock (&storing.lock);
  lodge_machine_resources_store_vcpus_finish (fixture->resources, test_await (&stored), &error);
  g_assert_no_error (error);
  storing.expected = FALSE;

  g_assert_cmpuint (lodge_machine_resources_get_vcpus_stored_maximum (fixture->resources), ==, 8);
  test_perform (fixture->machine, LODGE_ACTION_FORCE_OFF);
  test_perform (fixture->machine, LODGE_ACTION_START);
  g_assert_cmpuint (lodge_machine_preferences_get_memory_floor (preferences), ==, GIBIBYTE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  lodge_core_init ();

#define ADD(name, func) \
  g_test_add ("/core/machine-resources/" name, Fixture, NULL, \
              fixture_set_up, func, fixture_tear_down)

  ADD ("reads", test_reads);
  ADD ("sets-memory", test_sets_memory);
  ADD ("sets-memory-at-once", test_sets_memory_at_once);
  ADD ("refuses-nonsense", test_refuses_nonsense);
  ADD ("finds-a-loan", test_finds_a_loan);
  ADD ("keeps-the-floor", test_keeps_the_floor);
  ADD ("newest-wins", test_newest_wins);
  ADD ("moves-memory", test_moves_memory);
  ADD ("sets-vcpus", test_sets_vcpus);
  ADD ("says-when-it-is-out-of-reach", test_says_when_it_is_out_of_reach);
  ADD ("refused", test_refused);
  ADD ("denied", test_denied);
  ADD ("not-stored", test_not_stored);
  ADD ("kinds-are-apart", test_kinds_are_apart);
  ADD ("follows-others", test_follows_others);
  ADD ("comes-nearer", test_comes_nearer);
  ADD ("moves-early", test_moves_early);
  ADD ("asked-at-once", test_asked_at_once);
  ADD ("seen-meanwhile", test_seen_meanwhile);
  ADD ("overtaken", test_overtaken);
  ADD ("sees-plugged-cores", test_sees_plugged_cores);
  ADD ("pending", test_pending);
  ADD ("edits-follow-each-other", test_edits_follow_each_other);

  return g_test_run ();
}
