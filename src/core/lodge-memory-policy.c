/* lodge-memory-policy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-memory-policy.h"

/*
 * Automatic memory.
 *
 * What a guest uses is what it has less what it could do without. Above that
 * it is left a comfortable room. It gets more at once when less than half of
 * the room is left, and gives back slowly, after the most that it used in the
 * last minute has left more than the room and a band for a while. The band
 * and the half are why it stands still when nothing changes.
 *
 * A balloon does not move at once, and the figures of the guest are older
 * than the size of its balloon: after a change, no figures count until the
 * size has stood still for as long as the guest took to tell new ones. Only
 * growing does not wait.
 *
 * Where the host has not enough for all, the higher priority is served first,
 * and the lowest gives up its comfort, down to what it needs to stay alive.
 */

#define KIB_PER_MIB       G_GUINT64_CONSTANT (1024)

/* Less than this above what it uses, and a guest begins to crawl or to kill. */
#define LEAST_ROOM        (64 * KIB_PER_MIB)
#define COMFORTABLE_ROOM  (256 * KIB_PER_MIB)
#define BAND              (128 * KIB_PER_MIB)
#define LEAST_STEP        (32 * KIB_PER_MIB)
#define GRAIN             (4 * KIB_PER_MIB)
#define LEAST_FLOOR       (256 * KIB_PER_MIB)

/* What goes to and from the guest's swap, and how often it must read again what it has thrown away,
 * in a second: from there on it has too little, whatever it says.
 */
#define SWAPPING          (1 * KIB_PER_MIB)
#define FAULTING          500

#define PEAK_SPAN         (10 * G_USEC_PER_SEC)
#define SURPLUS_SPAN      (20 * G_USEC_PER_SEC)
#define GIVE_SPAN         (10 * G_USEC_PER_SEC)
#define FOLLOW_SPAN       (10 * G_USEC_PER_SEC)
#define STALE_SPAN        (20 * G_USEC_PER_SEC)

/* How far a guest's growth is foreseen. */
#define FORESIGHT         3.0

/* What one guest wants, before the others have been heard. */
typedef struct
{
  LodgeMemoryGuest *guest;
  guint64           floor;     /* of its range */
  guint64           ceiling;
  guint64           used;      /* the working set */
  guint64           least;     /* what it must keep */
  guint64           comfort;   /* what it could do with, by what it used lately */
  guint64           want;      /* what it should have now; the target if it is to stay */
  guint64           given;     /* what it will have */
  gboolean          tight;
  gboolean          thrashing;
  gboolean          settled;   /* its figures can be trusted */
  gboolean          known;     /* there are figures at all */
  gboolean          fresh;     /* which it has told since the last time */
} Wish;

static guint64
least_room (guint64 used)
{
  return MAX (LEAST_ROOM, used / 8);
}

static guint64
comfortable_room (guint64 used)
{
  return MAX (COMFORTABLE_ROOM, used / 4);
}

static guint64
round_up (guint64 kib)
{
  return (kib + GRAIN - 1) / GRAIN * GRAIN;
}

static guint64
subtract (guint64 from,
          guint64 amount)
{
  return from > amount ? from - amount : 0;
}

static guint64
get_distance (guint64 one,
              guint64 other)
{
  return MAX (one, other) - MIN (one, other);
}

/* The most that was used in the last minute, with what is used now. */
static guint64
note_peak (LodgeMemoryState *state,
           gint64            time,
           guint64           used)
{
  guint64 peak = 0, *now;

  if (state->peak_time == 0)
    state->peak_time = time;

  while (time - state->peak_time >= PEAK_SPAN * (gint64)G_N_ELEMENTS (state->peaks))
    {
      memmove (state->peaks, state->peaks + 1, sizeof state->peaks - sizeof state->peaks[0]);
      state->peaks[G_N_ELEMENTS (state->peaks) - 1] = 0;
      state->peak_time += PEAK_SPAN;
    }

  now = &state->peaks[(time - state->peak_time) / PEAK_SPAN];
  *now = MAX (*now, used);

  for (guint i = 0; i < G_N_ELEMENTS (state->peaks); i++)
    peak = MAX (peak, state->peaks[i]);

  return peak;
}

/* Old drivers do not tell what is usable; then only what is unused is. */
static guint64
get_room (const LodgeMemoryFigures *figures)
{
  guint64 room = figures->usable != 0 ? figures->usable : figures->unused;

  return MIN (room, figures->actual);
}

static gboolean
has_figures (const LodgeMemoryFigures *figures)
{
  if (figures->actual == 0 || figures->maximum == 0)
    return FALSE;

  if (figures->usable == 0 && figures->unused == 0)
    return FALSE;

  return figures->available == 0 || get_room (figures) <= figures->available;
}

/* Whether the guest has told something new since the last time. */
static gboolean
is_fresh (const LodgeMemoryState   *state,
          const LodgeMemoryFigures *figures)
{
  return state->used_time == 0 ||
         figures->last_update == 0 ||
         figures->last_update != state->last_update;
}

/* Whether what was asked last has been done, or will not be, and the guest has told since. */
static gboolean
has_settled (LodgeMemoryState         *state,
             const LodgeMemoryFigures *figures)
{
  if (state->asked_time == 0)
    return TRUE;

  if (figures->time - state->asked_time < FOLLOW_SPAN &&
      (get_distance (figures->actual, figures->target) > GRAIN ||
       get_distance (figures->actual, state->actual) > GRAIN ||
       !is_fresh (state, figures)))
    return FALSE;

  state->asked_time = 0;

  return TRUE;
}

static gboolean
is_thrashing (const LodgeMemoryState   *state,
              const LodgeMemoryFigures *figures)
{
  guint64 swapped = subtract (figures->swapped, state->swapped);
  guint64 faults = subtract (figures->major_faults, state->major_faults);
  gint64 span = figures->time - state->used_time;

  return state->used_time != 0 && span > 0 &&
         (swapped > SWAPPING * (guint64)span / G_USEC_PER_SEC ||
          faults > FAULTING * (guint64)span / G_USEC_PER_SEC);
}

/* By how much it will have grown before it can be helped the next time. */
static guint64
foresee (const LodgeMemoryState   *state,
         const LodgeMemoryFigures *figures,
         guint64                   used)
{
  double seconds = (double)(figures->time - state->used_time) / G_USEC_PER_SEC;

  if (state->used_time == 0 || seconds <= 0 || used <= state->used)
    return 0;

  return MIN (used, (guint64)((double)(used - state->used) / seconds * FORESIGHT));
}

/* What it should have, if it should have more, else 0. */
static guint64
wish_more (Wish                     *wish,
           const LodgeMemoryState   *state,
           const LodgeMemoryFigures *figures)
{
  guint64 room = get_room (figures);
  guint64 want = wish->used + comfortable_room (wish->used) + foresee (state, figures, wish->used);
  gboolean growing = !wish->settled && figures->target > state->asked_from;

  wish->thrashing = is_thrashing (state, figures);
  wish->tight = room < comfortable_room (wish->used) / (wish->thrashing ? 1 : 2);

  /* While it grows, what it has is newer than what it says. */
  if (!wish->tight || growing || !wish->fresh)
    return 0;

  /* It cannot use more than it has, so nobody knows how much it would. */
  if (wish->thrashing || room < least_room (wish->used) / 4)
    want = MAX (want, 2 * wish->used);

  want = MIN (round_up (want), wish->ceiling);

  return want > figures->target ? want : 0;
}

/* What it should have, if it can do with less, else 0. */
static guint64
wish_less (Wish                     *wish,
           LodgeMemoryState         *state,
           const LodgeMemoryFigures *figures)
{
  guint64 goal = MAX (wish->comfort, wish->floor);
  guint64 surplus = subtract (figures->target, goal);
  guint64 step;

  if (surplus <= MAX (BAND, goal / 8))
    {
      state->surplus_time = 0;
      return 0;
    }

  if (state->surplus_time == 0)
    state->surplus_time = figures->time;

  if (figures->time - state->surplus_time < SURPLUS_SPAN ||
      figures->time - state->given_time < GIVE_SPAN)
    return 0;

  /* Half of it at a time: the guest has not shown yet that it can do without. */
  step = MAX (surplus / 2, 2 * LEAST_STEP);

  return round_up (figures->target - MIN (step, surplus));
}

/* It was asked for less than it has, and did not do it in time. */
static gboolean
keeps_what_it_has (const Wish *wish)
{
  const LodgeMemoryFigures *figures = &wish->guest->figures;

  return wish->settled && figures->actual > figures->target + LEAST_STEP;
}

static void
wish_by_figures (Wish                     *wish,
                 LodgeMemoryState         *state,
                 const LodgeMemoryFigures *figures)
{
  LodgeMemoryDecision *decision = &wish->guest->decision;
  guint64 more, less;

  more = wish_more (wish, state, figures);

  if (more != 0)
    {
      wish->want = more;
      decision->reason = LODGE_MEMORY_REASON_NEEDS_MORE;
    }
  else if (wish->tight && figures->target >= wish->ceiling)
    decision->reason = LODGE_MEMORY_REASON_CEILING;
  else if (wish->tight && !wish->fresh && state->short_of)
    decision->reason = LODGE_MEMORY_REASON_HOST_SHORT;
  else if (!wish->settled)
    decision->reason = LODGE_MEMORY_REASON_FOLLOWS;
  else if (figures->target > wish->ceiling)
    {
      wish->want = MAX (wish->ceiling, round_up (wish->least));
      decision->reason = LODGE_MEMORY_REASON_RANGE;
    }
  else if (keeps_what_it_has (wish))
    decision->reason = LODGE_MEMORY_REASON_KEEPS;
  else if (wish->fresh && !wish->tight && (less = wish_less (wish, state, figures)) != 0)
    {
      wish->want = less;
      decision->reason = LODGE_MEMORY_REASON_GIVES_BACK;
    }

  if (wish->tight)
    state->surplus_time = 0;
}

static void
take_range (Wish                     *wish,
            const LodgeMemoryFigures *figures)
{
  /* One that can grow far is not meant to. */
  guint64 boot = figures->boot != 0 ? MIN (figures->boot, figures->maximum) : figures->maximum;

  wish->ceiling = figures->ceiling != 0 ? MIN (figures->ceiling, figures->maximum)
                                        : figures->maximum;
  wish->floor = figures->floor != 0 ? figures->floor
                                    : lodge_memory_policy_get_default_floor (boot);
  wish->floor = MIN (wish->floor, wish->ceiling);
}

static void
make_wish (Wish             *wish,
           LodgeMemoryGuest *guest)
{
  LodgeMemoryState *state = guest->state;
  const LodgeMemoryFigures *figures = &guest->figures;
  guint64 peak;

  *wish = (Wish) { .guest = guest, .want = figures->target, .given = figures->target };
  guest->decision = (LodgeMemoryDecision) { figures->target, LODGE_MEMORY_REASON_STEADY, FALSE };
  take_range (wish, figures);
  wish->fresh = is_fresh (state, figures);

  if (!has_figures (figures) || (!wish->fresh && figures->time - state->used_time > STALE_SPAN))
    {
      guest->decision.reason = LODGE_MEMORY_REASON_NO_FIGURES;
      return;
    }

  wish->known = TRUE;
  wish->used = figures->actual - get_room (figures);
  wish->least = wish->used + least_room (wish->used);
  wish->settled = has_settled (state, figures);
  peak = note_peak (state, figures->time, wish->settled ? wish->used : MIN (wish->used, state->used));
  wish->comfort = round_up (peak + comfortable_room (peak));
  wish_by_figures (wish, state, figures);

  if (wish->want < wish->floor)
    {
      wish->want = wish->floor;
      guest->decision.reason = LODGE_MEMORY_REASON_RANGE;
    }

  if (wish->fresh)
    {
      state->used = wish->used;
      state->used_time = figures->time;
      state->swapped = figures->swapped;
      state->major_faults = figures->major_faults;
      state->last_update = figures->last_update;
    }
  state->actual = figures->actual;
}

static guint64
get_need (const Wish *wish)
{
  return subtract (wish->want, wish->guest->figures.target);
}

/* Those of one priority share what is free by what they need. Returns what they go without. */
static guint64
grant (Wish          *wishes,
       guint          n,
       LodgePriority  priority,
       gint64        *free)
{
  guint64 sum = 0, share, unmet = 0;
  gint64 left;

  for (guint i = 0; i < n; i++)
    {
      if (wishes[i].guest->figures.priority == priority)
        sum += get_need (&wishes[i]);
    }

  share = MIN (sum, (guint64)MAX (*free, 0));
  left = *free - (gint64)share;

  for (guint i = 0; i < n; i++)
    {
      Wish *wish = &wishes[i];
      guint64 need = get_need (wish), part;

      if (wish->guest->figures.priority != priority || need == 0)
        continue;

      part = share == sum ? need
                          : (guint64)((double)need * (double)share / (double)sum) / GRAIN * GRAIN;

      /* A change that is too small to help is none. */
      if (part < MIN (need, LEAST_STEP))
        part = 0;

      wish->given = wish->guest->figures.target + part;
      unmet += need - part;

      if (part == 0)
        wish->guest->decision.reason = LODGE_MEMORY_REASON_HOST_SHORT;
    }

  *free = left;

  return unmet;
}

/* What a guest keeps when one with @priority is short, or the host. Only a higher one keeps what it
 * may need again soon.
 */
static guint64
get_keep (const Wish    *wish,
          LodgePriority  priority,
          gboolean       for_host)
{
  guint64 keep = MAX (wish->least, wish->floor);

  if (!for_host && wish->guest->figures.priority > priority)
    keep = MAX (keep, wish->comfort);
  else if (!for_host && wish->guest->figures.priority == priority)
    keep = MAX (keep, wish->used + comfortable_room (wish->used));

  return round_up (keep);
}

/* Has the guests of one priority give up to @amount. Returns what is still missing. */
static guint64
squeeze (Wish          *wishes,
         guint          n,
         LodgePriority  from,
         LodgePriority  priority,
         gboolean       for_host,
         guint64        amount)
{
  for (guint i = 0; i < n && amount > 0; i++)
    {
      Wish *wish = &wishes[i];
      guint64 target = wish->guest->figures.target, spare;

      if (wish->guest->figures.priority != from || !wish->known || !wish->settled || wish->thrashing ||
          keeps_what_it_has (wish) || wish->given > target)
        continue;

      spare = subtract (wish->given, get_keep (wish, priority, for_host));
      spare = MIN (spare, MAX (round_up (amount), 2 * LEAST_STEP));

      if (spare < LEAST_STEP)
        continue;

      wish->given -= spare;
      wish->guest->decision.reason = LODGE_MEMORY_REASON_YIELDS;
      amount = subtract (amount, spare);
    }

  return amount;
}

static void
conclude (Wish *wish)
{
  LodgeMemoryGuest *guest = wish->guest;
  LodgeMemoryState *state = guest->state;
  guint64 target = guest->figures.target;

  guest->decision.target = wish->given;
  state->short_of = guest->decision.reason == LODGE_MEMORY_REASON_HOST_SHORT;

  /* Who has all that can be had need not be looked at more often for it. */
  guest->decision.tight = state->asked_time != 0 ||
                          (wish->tight && !state->short_of &&
                           guest->decision.reason != LODGE_MEMORY_REASON_CEILING);
  if (wish->given == target)
    return;

  state->asked_time = guest->figures.time;
  state->asked_from = guest->figures.actual;
  state->surplus_time = 0;
  guest->decision.tight = TRUE;

  if (wish->given < target)
    {
      state->given_time = guest->figures.time;

      /* It goes on as long as there is a surplus, without waiting anew. */
      if (guest->decision.reason == LODGE_MEMORY_REASON_GIVES_BACK)
        state->surplus_time = guest->figures.time - SURPLUS_SPAN;
    }
}

/* The floor of a guest for which nobody has set one, and that starts with @boot (KiB). */
guint64
lodge_memory_policy_get_default_floor (guint64 boot)
{
  return MIN (boot, MAX (LEAST_FLOOR, boot / 4));
}

/* What a guest that uses @used (KiB) must have to stay alive. */
guint64
lodge_memory_policy_get_least (guint64 used)
{
  return used + least_room (used);
}

/**
 * lodge_memory_policy_decide:
 * @guests: (array length=n_guests): the guests of one computer whose memory is automatic
 * @n_guests: how many
 * @host_free: what that computer has left to give, in KiB; negative if it is in its reserve
 *
 * Decides for all of them. No target is under what the guest uses and needs
 * besides (lodge_memory_policy_get_least()), unless it was there already.
 */
void
lodge_memory_policy_decide (LodgeMemoryGuest *guests,
                            guint             n_guests,
                            gint64            host_free)
{
  g_autofree Wish *wishes = g_new0 (Wish, MAX (n_guests, 1));
  gint64 left = host_free;

  g_return_if_fail (guests != NULL || n_guests == 0);

  for (guint i = 0; i < n_guests; i++)
    {
      make_wish (&wishes[i], &guests[i]);
      wishes[i].given = MIN (wishes[i].want, guests[i].figures.target);
    }

  for (int priority = LODGE_PRIORITY_FIRST; priority >= LODGE_PRIORITY_BACKGROUND; priority--)
    {
      guint64 unmet = grant (wishes, n_guests, priority, &left);

      for (int from = LODGE_PRIORITY_BACKGROUND; from <= LODGE_PRIORITY_FIRST; from++)
        unmet = squeeze (wishes, n_guests, from, priority, FALSE, unmet);
    }

  if (host_free < -(gint64)LEAST_STEP)
    {
      guint64 missing = (guint64)-host_free;

      for (guint i = 0; i < n_guests; i++)
        missing = subtract (missing, subtract (guests[i].figures.target, wishes[i].given));

      for (int from = LODGE_PRIORITY_BACKGROUND; from <= LODGE_PRIORITY_FIRST; from++)
        missing = squeeze (wishes, n_guests, from, LODGE_PRIORITY_FIRST, TRUE, missing);
    }

  for (guint i = 0; i < n_guests; i++)
    conclude (&wishes[i]);
}
