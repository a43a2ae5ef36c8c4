/* test-memory-policy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-memory-policy.h"

#include <math.h>
#include <string.h>

/*
 * Guests as the policy sees them: what they need over time is given, their balloons follow at the
 * speed of a real one, and what they say of themselves is as old as it is in truth. Whatever the
 * policy decides in these tests is checked for what must always hold.
 */

#define MIB  G_GUINT64_CONSTANT (1024)
#define GIB  (1024 * MIB)

/* A balloon moves at about 1 GiB a second; a guest under memory pressure gives less. */
#define SPEED (GIB / 10)   /* in a tenth of a second */

typedef guint64 (*Demand) (double    seconds,
                           gpointer  data);

typedef struct
{
  const char         *name;
  Demand              demand;
  gpointer            data;
  LodgeMemoryFigures  told;       /* by the guest, every two seconds */
  LodgeMemoryFigures  figures;
  LodgeMemoryState    state;
  LodgeMemoryReason   reason;
  double              period;     /* how often it tells */
  guint64             target;
  guint64             actual;
  guint64             swapped;
  gboolean            obstinate;  /* does not give back */
  gboolean            deflates;   /* its balloon counts as used memory */
  guint               changes;
  guint               reversals;
  int                 direction;
  double              starved;    /* seconds in which it had less than it needed */
  double              longest;    /* of these, at a stretch */
  double              stretch;
  guint64             most;
  guint64             least;
} Guest;

typedef struct
{
  Guest   *guests;
  guint    n;
  guint64  total;     /* of the host, for guests; 0 for enough */
  double   seconds;
  double   next;      /* when the policy is asked */
  guint    pace;
  gint64   lowest;    /* of what the host had left */
} Host;

static guint64
demand_of (const Guest *guest,
           double       seconds)
{
  return guest->demand (seconds, guest->data);
}

/* What the guest could do without. What it needs and has not is out on its swap. */
static guint64
room_of (const Guest *guest,
         double       seconds)
{
  guint64 demand = demand_of (guest, seconds);

  return guest->actual > demand ? guest->actual - demand : 0;
}

static void
tell (Guest  *guest,
      double  seconds)
{
  guint64 room = room_of (guest, seconds);
  LodgeMemoryFigures *told = &guest->told;

  told->available = guest->deflates ? guest->figures.maximum : guest->actual;
  told->available -= 40 * MIB;
  told->usable = MAX (room, 512);
  told->unused = told->usable / 2;
  told->swapped = guest->swapped;
  told->last_update = 1700000000 + (gint64)seconds;
}

static void
move_balloon (Guest  *guest,
              double  seconds)
{
  guint64 room = room_of (guest, seconds);

  if (guest->actual < guest->target)
    guest->actual += MIN (SPEED, guest->target - guest->actual);
  else if (!guest->obstinate)
    guest->actual -= MIN (MIN (SPEED, guest->actual - guest->target), room / 2);
}

static void
note_decision (Guest                     *guest,
               const LodgeMemoryDecision *decision)
{
  int direction = decision->target > guest->target ? 1 : -1;

  guest->reason = decision->reason;
  if (decision->target == guest->target)
    return;

  guest->changes++;
  if (guest->direction == -direction)
    guest->reversals++;
  guest->direction = direction;
  guest->target = decision->target;
  guest->most = MAX (guest->most, guest->target);
  guest->least = MIN (guest->least, guest->target);
}

/* What must hold of any decision. */
static void
check_decision (const LodgeMemoryGuest *guest)
{
  const LodgeMemoryFigures *figures = &guest->figures;
  const LodgeMemoryDecision *decision = &guest->decision;
  guint64 used = figures->actual - MIN (figures->usable, figures->actual);

  g_assert_cmpuint (decision->target, <=, MAX (figures->target, figures->maximum));

  if (decision->target < figures->target)
    {
      g_assert_cmpuint (decision->target, >=, lodge_memory_policy_get_least (used));
      g_assert_true (decision->reason == LODGE_MEMORY_REASON_GIVES_BACK ||
                     decision->reason == LODGE_MEMORY_REASON_YIELDS ||
                     decision->reason == LODGE_MEMORY_REASON_RANGE);
    }
  else if (decision->target > figures->target)
    g_assert_true (decision->reason == LODGE_MEMORY_REASON_NEEDS_MORE ||
                   decision->reason == LODGE_MEMORY_REASON_RANGE);

  if (decision->target != figures->target)
    g_assert_cmpuint (MAX (decision->target, figures->target) -
                      MIN (decision->target, figures->target), >=, 4 * MIB);
}

static gint64
host_free (Host *host)
{
  gint64 left = (gint64)host->total;

  if (host->total == 0)
    return (gint64)(64 * GIB);

  for (guint i = 0; i < host->n; i++)
    left -= (gint64)MAX (host->guests[i].target, host->guests[i].actual);

  return left;
}

static void
ask_policy (Host *host)
{
  g_autofree LodgeMemoryGuest *all = g_new0 (LodgeMemoryGuest, host->n);
  gboolean tight = FALSE;

  for (guint i = 0; i < host->n; i++)
    {
      Guest *guest = &host->guests[i];
      LodgeMemoryFigures *figures = &all[i].figures;

      *figures = guest->told;
      figures->floor = guest->figures.floor;
      figures->ceiling = guest->figures.ceiling;
      figures->maximum = guest->figures.maximum;
      figures->boot = guest->figures.boot;
      figures->priority = guest->figures.priority;
      figures->target = guest->target;
      figures->actual = guest->actual;
      figures->time = (gint64)(host->seconds * G_USEC_PER_SEC) + G_USEC_PER_SEC;
      all[i].state = &guest->state;
    }

  lodge_memory_policy_decide (all, host->n, host_free (host));

  for (guint i = 0; i < host->n; i++)
    {
      check_decision (&all[i]);
      note_decision (&host->guests[i], &all[i].decision);
      tight |= all[i].decision.tight;
    }

  host->pace = tight ? LODGE_MEMORY_TICK_TIGHT : LODGE_MEMORY_TICK_CALM;
  host->next = host->seconds + host->pace;
}

static void
note_starving (Guest  *guest,
               double  seconds)
{
  guint64 demand = demand_of (guest, seconds);

  if (demand <= guest->actual)
    {
      guest->stretch = 0;
      return;
    }

  guest->swapped += MIN (demand - guest->actual, 20 * MIB) / 10;
  guest->starved += 0.1;
  guest->stretch += 0.1;
  guest->longest = MAX (guest->longest, guest->stretch);
}

static void
run (Host   *host,
     double  seconds)
{
  double end = host->seconds + seconds;

  for (; host->seconds < end; host->seconds += 0.1)
    {
      for (guint i = 0; i < host->n; i++)
        {
          Guest *guest = &host->guests[i];

          move_balloon (guest, host->seconds);
          note_starving (guest, host->seconds);
          if (fmod (host->seconds, guest->period) < 0.1)
            tell (guest, host->seconds);
        }

      if (host->seconds >= host->next)
        ask_policy (host);

      host->lowest = MIN (host->lowest, host_free (host));
    }
}

static void
guest_init (Guest      *guest,
            const char *name,
            guint64     maximum,
            Demand      demand,
            gpointer    data)
{
  *guest = (Guest) { .name = name, .demand = demand, .data = data, .period = 2,
                     .target = maximum, .actual = maximum, .least = maximum };
  guest->figures.maximum = maximum;
  guest->figures.priority = LODGE_PRIORITY_NORMAL;
}

static void
forget_counts (Guest *guest)
{
  guest->changes = guest->reversals = 0;
  guest->direction = 0;
  guest->starved = guest->longest = 0;
  guest->most = guest->least = guest->target;
}

/* What a real guest used, as bench-memory has recorded it. */
typedef struct
{
  GArray  *times;   /* double: seconds */
  GArray  *used;    /* guint64: KiB */
  guint64  memory;  /* of the guest, KiB */
} Trace;

static void
trace_load (Trace      *trace,
            const char *name)
{
  g_autofree char *file = g_strconcat (name, ".txt", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "memory-traces", file, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  trace->times = g_array_new (FALSE, FALSE, sizeof (double));
  trace->used = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (lines[i], " ", -1);
      double time;
      guint64 used;

      if (*lines[i] == '#' || g_strv_length (words) != 7)
        continue;

      time = g_ascii_strtod (words[0], NULL);
      trace->memory = g_ascii_strtoull (words[1], NULL, 10);
      used = trace->memory - g_ascii_strtoull (words[3], NULL, 10);
      g_array_append_val (trace->times, time);
      g_array_append_val (trace->used, used);
    }

  g_assert_cmpuint (trace->times->len, >, 20);
}

static void
trace_clear (Trace *trace)
{
  g_array_unref (trace->times);
  g_array_unref (trace->used);
}

static double
trace_get_end (const Trace *trace)
{
  return g_array_index (trace->times, double, trace->times->len - 1);
}

/* Again and again, after two minutes of what it was at first. */
static guint64
demand_recorded (double   seconds,
                 gpointer data)
{
  const Trace *trace = data;
  double within = seconds < 120 ? 0 : fmod (seconds - 120, trace_get_end (trace) + 1);
  guint i = 0;

  while (i + 1 < trace->times->len && g_array_index (trace->times, double, i + 1) <= within)
    i++;

  return g_array_index (trace->used, guint64, i);
}

static guint64
trace_get_peak (const Trace *trace)
{
  guint64 peak = 0;

  for (guint i = 0; i < trace->used->len; i++)
    peak = MAX (peak, g_array_index (trace->used, guint64, i));

  return peak;
}

/* What it did once is met at once, or nearly; what it does again and again is one need. */
static void
test_recorded (void)
{
  static const char *const names[] = { "fill", "sort" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Trace trace = { NULL, };
      Guest guest;
      Host host = { .guests = &guest, .n = 1 };

      g_test_message ("%s", names[i]);
      trace_load (&trace, names[i]);
      guest_init (&guest, names[i], trace.memory, demand_recorded, &trace);
      guest.figures.floor = 128 * MIB;
      run (&host, 120);
      g_assert_cmpuint (guest.target, <=, demand_of (&guest, 0) + 420 * MIB);
      g_assert_cmpuint (guest.reversals, ==, 0);

      forget_counts (&guest);
      run (&host, trace_get_end (&trace) + 1);
      g_assert_cmpfloat (guest.longest, <=, 4);
      g_assert_cmpuint (guest.reversals, <=, 2);
      g_assert_cmpuint (guest.changes, <=, 8);
      g_assert_cmpuint (guest.most, <=, MIN (trace.memory, 2 * trace_get_peak (&trace) + 256 * MIB));

      run (&host, trace_get_end (&trace) * 3);
      forget_counts (&guest);
      run (&host, trace_get_end (&trace) * 20);
      g_assert_cmpfloat (guest.starved, ==, 0);
      g_assert_cmpuint (guest.reversals, <=, 20);
      trace_clear (&trace);
    }
}

static guint64
demand_constant (double   seconds,
                 gpointer data)
{
  return GPOINTER_TO_SIZE (data) * MIB;
}

/* An idle guest gives back what it does not use, in steps, and then nothing more happens. */
static void
test_idle_gives_back (void)
{
  static const guint64 maxima[] = { 1, 2, 4, 8, 32 };

  for (guint i = 0; i < G_N_ELEMENTS (maxima); i++)
    {
      Guest guest;
      Host host = { .guests = &guest, .n = 1 };

      guest_init (&guest, "idle", maxima[i] * GIB, demand_constant, GSIZE_TO_POINTER (300));
      guest.figures.floor = 256 * MIB;
      run (&host, 15);
      g_assert_cmpuint (guest.target, ==, maxima[i] * GIB);

      run (&host, 300);
      g_assert_cmpuint (guest.target, >=, 556 * MIB);
      g_assert_cmpuint (guest.target, <=, 684 * MIB);
      g_assert_cmpuint (guest.reversals, ==, 0);
      g_assert_cmpuint (guest.changes, <=, 12);
      g_assert_cmpfloat (guest.starved, ==, 0);

      forget_counts (&guest);
      run (&host, 3600);
      g_assert_cmpuint (guest.changes, ==, 0);
      g_assert_cmpint (guest.reason, ==, LODGE_MEMORY_REASON_STEADY);
    }
}

static guint64
demand_step (double   seconds,
             gpointer data)
{
  return seconds < 400 ? 300 * MIB : GPOINTER_TO_SIZE (data) * MIB;
}

/* The user opens something large. */
static void
test_step (void)
{
  static const guint steps[] = { 600, 1000, 2000, 3500 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      for (int deflates = 0; deflates <= 1; deflates++)
        {
          Guest guest;
          Host host = { .guests = &guest, .n = 1 };
          guint64 before;

          guest_init (&guest, "step", 4 * GIB, demand_step, GSIZE_TO_POINTER (steps[i]));
          guest.figures.floor = 256 * MIB;
          guest.deflates = deflates;
          run (&host, 400);
          before = guest.target;
          forget_counts (&guest);

          /* Reacts in five seconds, and in as many more has it out of the worst. */
          run (&host, 5);
          g_assert_cmpuint (guest.target, >, before);
          run (&host, 10);
          g_assert_cmpuint (guest.actual, >=, steps[i] * MIB);
          g_assert_cmpfloat (guest.longest, <=, 11);

          run (&host, 300);
          forget_counts (&guest);
          run (&host, 1800);
          g_assert_cmpuint (guest.changes, ==, 0);
          g_assert_cmpuint (guest.target, >=, MIN (4 * GIB, steps[i] * MIB + steps[i] * MIB / 8));
        }
    }
}

/* MiB a second, up to 3 GiB and down again. */
static guint64
demand_ramp (double   seconds,
             gpointer data)
{
  double rate = GPOINTER_TO_SIZE (data), peak = 400 + 2700 / rate;
  double mib = 300;

  if (seconds > 400)
    mib += seconds < peak ? (seconds - 400) * rate : MAX (0, 2700 - (seconds - peak) * rate);

  return (guint64)mib * MIB;
}

static void
test_ramp (void)
{
  static const guint rates[] = { 5, 20, 50 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      Guest guest;
      Host host = { .guests = &guest, .n = 1 };

      guest_init (&guest, "ramp", 4 * GIB, demand_ramp, GSIZE_TO_POINTER (rates[i]));
      guest.figures.floor = 256 * MIB;
      run (&host, 400);
      forget_counts (&guest);

      /* All the way up it never goes short, but for a moment when it sets off fast. */
      run (&host, 2700.0 / rates[i]);
      g_assert_cmpfloat (guest.starved, <=, rates[i] > 20 ? 1 : 0);
      g_assert_cmpuint (guest.reversals, ==, 0);
      g_assert_cmpuint (guest.changes, <=, 24);

      guest.starved = 0;
      run (&host, 2700.0 / rates[i] + 600);
      g_assert_cmpfloat (guest.starved, ==, 0);
      g_assert_cmpuint (guest.reversals, ==, 1);
      g_assert_cmpuint (guest.target, <=, 700 * MIB);
    }
}

/* Up and down by 1 GiB in a time. */
static guint64
demand_saw (double   seconds,
            gpointer data)
{
  double period = GPOINTER_TO_SIZE (data);

  return (guint64)(500 + 1024 * fmod (seconds, period) / period) * MIB;
}

/* What goes up and down faster than a minute is one need. */
static void
test_saw_tooth (void)
{
  static const guint periods[] = { 5, 13, 30, 55 };

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      Guest guest;
      Host host = { .guests = &guest, .n = 1 };

      guest_init (&guest, "saw", 4 * GIB, demand_saw, GSIZE_TO_POINTER (periods[i]));
      guest.figures.floor = 256 * MIB;
      run (&host, 600);
      forget_counts (&guest);
      run (&host, 3600);
      g_assert_cmpuint (guest.changes, ==, 0);
      g_assert_cmpfloat (guest.starved, ==, 0);
      g_assert_cmpuint (guest.target, <=, 2400 * MIB);
    }
}

/* What goes up and down slowly is followed, and each rise is met. */
static void
test_slow_saw_tooth (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "slow saw", 4 * GIB, demand_saw, GSIZE_TO_POINTER (600));
  guest.figures.floor = 256 * MIB;
  run (&host, 6000);
  g_assert_cmpfloat (guest.starved, ==, 0);
  g_assert_cmpuint (guest.reversals, <=, 20);
  g_assert_cmpuint (guest.changes, <=, 160);
}

static guint64
demand_noise (double   seconds,
              gpointer data)
{
  guint amplitude = GPOINTER_TO_SIZE (data);
  guint step = (guint)(seconds * 2);
  guint32 mixed = step * 2654435761u;

  mixed ^= mixed >> 15;
  mixed *= 2246822519u;
  mixed ^= mixed >> 13;

  return (800 + mixed % amplitude) * MIB;
}

static void
test_noise (void)
{
  static const guint amplitudes[] = { 20, 100, 400 };

  for (guint i = 0; i < G_N_ELEMENTS (amplitudes); i++)
    {
      Guest guest;
      Host host = { .guests = &guest, .n = 1 };

      guest_init (&guest, "noise", 4 * GIB, demand_noise, GSIZE_TO_POINTER (amplitudes[i]));
      guest.figures.floor = 256 * MIB;
      run (&host, 600);
      forget_counts (&guest);
      run (&host, 3600);
      g_assert_cmpuint (guest.changes, ==, 0);
      g_assert_cmpfloat (guest.starved, ==, 0);
    }
}

static guint64
demand_leak (double   seconds,
             gpointer data)
{
  return (guint64)(300 + seconds * 2) * MIB;
}

/* A leak ends at the ceiling, and the guest is left to its own fate there. */
static void
test_leak_ends_at_ceiling (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "leak", 8 * GIB, demand_leak, NULL);
  guest.figures.floor = 256 * MIB;
  guest.figures.ceiling = 2 * GIB;
  run (&host, 120);
  forget_counts (&guest);
  run (&host, 2000);
  g_assert_cmpuint (guest.target, ==, 2 * GIB);
  g_assert_cmpuint (guest.most, ==, 2 * GIB);
  g_assert_cmpint (guest.reason, ==, LODGE_MEMORY_REASON_CEILING);
  g_assert_cmpuint (guest.reversals, <=, 1);

  /* Nothing can be done, so nobody need hurry. */
  g_assert_cmpuint (host.pace, ==, LODGE_MEMORY_TICK_CALM);
}

/* The range of the user holds, and a new one is taken at once, but not over the guest's body. */
static void
test_range (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "range", 4 * GIB, demand_constant, GSIZE_TO_POINTER (300));
  guest.figures.floor = GIB;
  run (&host, 600);
  g_assert_cmpuint (guest.target, >=, GIB);
  g_assert_cmpuint (guest.target, <=, GIB + 200 * MIB);

  guest.figures.floor = 2 * GIB;
  run (&host, 4);
  g_assert_cmpuint (guest.target, >=, 2 * GIB);

  guest.figures.floor = 64 * MIB;
  guest.figures.ceiling = 512 * MIB;
  run (&host, 20);
  g_assert_cmpuint (guest.target, ==, 512 * MIB);

  guest.figures.ceiling = 128 * MIB;
  run (&host, 60);
  g_assert_cmpuint (guest.target, >=, 364 * MIB);
}

/* Nobody has set a range. */
static void
test_default_range (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "default", 8 * GIB, demand_constant, GSIZE_TO_POINTER (100));
  run (&host, 900);
  g_assert_cmpuint (lodge_memory_policy_get_default_floor (8 * GIB), ==, 2 * GIB);
  g_assert_cmpuint (guest.target, >=, 2 * GIB);
  g_assert_cmpuint (guest.target, <=, 2 * GIB + 300 * MIB);
  g_assert_cmpuint (lodge_memory_policy_get_default_floor (100 * MIB), ==, 100 * MIB);
}

/* What a guest could grow to says nothing of what it needs. */
static void
test_default_range_with_growth (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "grows", 16 * GIB, demand_constant, GSIZE_TO_POINTER (100));
  guest.figures.boot = 2 * GIB;
  guest.target = 2 * GIB;
  run (&host, 900);
  g_assert_cmpuint (guest.target, >=, 512 * MIB);
  g_assert_cmpuint (guest.target, <=, 900 * MIB);
}

/* A guest that keeps its memory is asked once, not more and more. */
static void
test_obstinate_guest (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "obstinate", 4 * GIB, demand_constant, GSIZE_TO_POINTER (300));
  guest.obstinate = TRUE;
  run (&host, 600);
  g_assert_cmpuint (guest.changes, ==, 1);
  g_assert_cmpint (guest.reason, ==, LODGE_MEMORY_REASON_KEEPS);
}

static guint64
demand_alternating (double   seconds,
                    gpointer data)
{
  gboolean mine = ((guint)(seconds / 600) % 2 == 0) == GPOINTER_TO_SIZE (data);

  return (mine ? 2200 : 400) * MIB;
}

/* Two guests share what only one of them could have, each when it needs it. */
static void
test_host_shortage (void)
{
  Guest guests[2];
  Host host = { .guests = guests, .n = 2, .total = 4 * GIB, .lowest = G_MAXINT64 };

  for (guint i = 0; i < 2; i++)
    {
      guest_init (&guests[i], i == 0 ? "a" : "b", 3 * GIB, demand_alternating, GSIZE_TO_POINTER (i));
      guests[i].figures.floor = 256 * MIB;
      guests[i].target = guests[i].actual = 2 * GIB;
    }

  run (&host, 600);
  for (guint i = 0; i < 2; i++)
    forget_counts (&guests[i]);

  host.lowest = G_MAXINT64;
  run (&host, 6000);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpfloat (guests[i].longest, <=, 15);
      g_assert_cmpuint (guests[i].reversals, <=, 24);
      g_assert_cmpuint (guests[i].changes, <=, 120);
    }

  /* Never more than there is. */
  g_assert_cmpint (host.lowest, >=, 0);
}

/* All want more than there is: the first gets it, the background gives what it can. */
static void
test_priority (void)
{
  Guest guests[3];
  Host host = { .guests = guests, .n = 3, .total = 4 * GIB + 256 * MIB, .lowest = G_MAXINT64 };

  guest_init (&guests[0], "background", 4 * GIB, demand_step, GSIZE_TO_POINTER (1500));
  guest_init (&guests[1], "first", 4 * GIB, demand_step, GSIZE_TO_POINTER (2000));
  guest_init (&guests[2], "normal", 4 * GIB, demand_constant, GSIZE_TO_POINTER (600));
  guests[0].figures.priority = LODGE_PRIORITY_BACKGROUND;
  guests[1].figures.priority = LODGE_PRIORITY_FIRST;

  for (guint i = 0; i < 3; i++)
    {
      guests[i].target = guests[i].actual = GIB + 128 * MIB;
      guests[i].figures.floor = 256 * MIB;
    }

  run (&host, 390);
  for (guint i = 0; i < 3; i++)
    forget_counts (&guests[i]);

  run (&host, 60);
  g_assert_cmpuint (guests[1].actual, >=, 2064 * MIB);
  g_assert_cmpfloat (guests[1].longest, <=, 15);
  g_assert_cmpfloat (guests[2].starved, ==, 0);
  g_assert_cmpint (guests[0].reason, ==, LODGE_MEMORY_REASON_HOST_SHORT);
  g_assert_cmpint (host.lowest, >=, 0);

  /* And then it stays so. */
  run (&host, 120);
  for (guint i = 0; i < 3; i++)
    forget_counts (&guests[i]);
  run (&host, 1800);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (guests[i].changes, <=, 2);
}

/* Something else on the host wants memory: the guests give it up soon, down to what they need. */
static void
test_host_in_its_reserve (void)
{
  Guest guests[2];
  Host host = { .guests = guests, .n = 2, .total = 8 * GIB };

  guest_init (&guests[0], "a", 4 * GIB, demand_constant, GSIZE_TO_POINTER (1000));
  guest_init (&guests[1], "b", 4 * GIB, demand_constant, GSIZE_TO_POINTER (1000));
  guests[0].figures.priority = LODGE_PRIORITY_BACKGROUND;
  run (&host, 10);
  g_assert_cmpuint (guests[0].changes + guests[1].changes, ==, 0);

  host.total = 7 * GIB;
  run (&host, 8);
  g_assert_cmpint (host_free (&host), >=, -32 * (gint64)MIB);
  g_assert_cmpuint (guests[1].changes, ==, 0);
  g_assert_cmpint (guests[0].reason, !=, LODGE_MEMORY_REASON_HOST_SHORT);

  host.total = 2 * GIB;
  run (&host, 60);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (guests[i].target, >=, 1125 * MIB);
      g_assert_cmpuint (guests[i].target, <=, 1200 * MIB);
      g_assert_cmpfloat (guests[i].starved, ==, 0);
    }
}

/* A guest that says nothing, or nonsense, is left alone. */
static void
test_without_figures (void)
{
  LodgeMemoryState state = { 0, };
  LodgeMemoryGuest guest = { .state = &state };

  guest.figures = (LodgeMemoryFigures) { .maximum = 4 * GIB, .target = 4 * GIB, .actual = 4 * GIB,
                                         .available = GIB, .usable = 2 * GIB };

  for (guint i = 0; i < 100; i++)
    {
      guest.figures.time = (i + 1) * G_USEC_PER_SEC;
      if (i == 50)
        guest.figures.available = guest.figures.usable = 0;
      lodge_memory_policy_decide (&guest, 1, (gint64)GIB);
      g_assert_cmpuint (guest.decision.target, ==, 4 * GIB);
      g_assert_cmpint (guest.decision.reason, ==, LODGE_MEMORY_REASON_NO_FIGURES);
      g_assert_false (guest.decision.tight);
    }

  lodge_memory_policy_decide (NULL, 0, 0);
}

/* A guest that hangs tells the same for ever; what it said is not true any more. */
static void
test_stale_figures (void)
{
  Guest guest;
  Host host = { .guests = &guest, .n = 1 };

  guest_init (&guest, "hangs", 4 * GIB, demand_constant, GSIZE_TO_POINTER (300));
  run (&host, 5);
  guest.period = 1e9;
  run (&host, 600);
  g_assert_cmpuint (guest.changes, ==, 0);
  g_assert_cmpint (guest.reason, ==, LODGE_MEMORY_REASON_NO_FIGURES);
}

/* Swap hides what a guest needs. */
static void
test_swapping_guest (void)
{
  LodgeMemoryState state = { 0, };
  LodgeMemoryGuest guest = { .state = &state };
  guint64 target = GIB;

  guest.figures = (LodgeMemoryFigures) { .maximum = 4 * GIB, .actual = GIB, .available = GIB,
                                         .usable = 180 * MIB };

  for (guint i = 1; i < 8; i++)
    {
      guest.figures.time = i * G_USEC_PER_SEC;
      guest.figures.last_update = i;
      guest.figures.target = target;
      guest.figures.swapped += i > 3 ? 10 * MIB : 0;
      lodge_memory_policy_decide (&guest, 1, (gint64)GIB * 4);
      if (i <= 3)
        g_assert_cmpuint (guest.decision.target, ==, GIB);
      target = guest.decision.target;
    }

  g_assert_cmpuint (target, >, GIB + 512 * MIB);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/memory-policy/recorded", test_recorded);
  g_test_add_func ("/core/memory-policy/idle-gives-back", test_idle_gives_back);
  g_test_add_func ("/core/memory-policy/step", test_step);
  g_test_add_func ("/core/memory-policy/ramp", test_ramp);
  g_test_add_func ("/core/memory-policy/saw-tooth", test_saw_tooth);
  g_test_add_func ("/core/memory-policy/slow-saw-tooth", test_slow_saw_tooth);
  g_test_add_func ("/core/memory-policy/noise", test_noise);
  g_test_add_func ("/core/memory-policy/leak-ends-at-ceiling", test_leak_ends_at_ceiling);
  g_test_add_func ("/core/memory-policy/range", test_range);
  g_test_add_func ("/core/memory-policy/default-range", test_default_range);
  g_test_add_func ("/core/memory-policy/default-range-with-growth", test_default_range_with_growth);
  g_test_add_func ("/core/memory-policy/obstinate-guest", test_obstinate_guest);
  g_test_add_func ("/core/memory-policy/host-shortage", test_host_shortage);
  g_test_add_func ("/core/memory-policy/priority", test_priority);
  g_test_add_func ("/core/memory-policy/host-in-its-reserve", test_host_in_its_reserve);
  g_test_add_func ("/core/memory-policy/without-figures", test_without_figures);
  g_test_add_func ("/core/memory-policy/stale-figures", test_stale_figures);
  g_test_add_func ("/core/memory-policy/swapping-guest", test_swapping_guest);

  return g_test_run ();
}
