/* lodge-usage.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-machine.h"
#include "lodge-usage-private.h"

/**
 * LodgeUsage:
 *
 * What one machine uses of memory and processor, now and in the last minutes.
 */

struct _LodgeUsage
{
  GObject   parent_instance;
  GArray   *history;        /* of LodgeUsageSample, oldest first */
  gint64    time;           /* of the last sample, or 0 */
  guint64   cpu_time;       /* at the last sample; G_MAXUINT64 if not known */
  int       run;
  guint64   actual;
  guint64   available;
  guint64   unused;
  guint64   usable;
  guint64   caches;
  guint64   resident;
  guint64   swapped;
  guint64   major_faults;
  gint64    guest_time;
  double    cores_used;
  guint     vcpus;
};

enum {
  PROP_0,
  PROP_ACTUAL,
  PROP_AVAILABLE,
  PROP_CACHES,
  PROP_CORES_USED,
  PROP_CPU_SHARE,
  PROP_RESIDENT,
  PROP_SAMPLED,
  PROP_UNUSED,
  PROP_USABLE,
  PROP_USED,
  PROP_VCPUS,
  N_PROPS
};

enum {
  UPDATED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeUsage, lodge_usage, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
notify (LodgeUsage *self,
        guint       prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_kib (LodgeUsage *self,
         guint64    *field,
         guint64     kib,
         guint       prop_id)
{
  if (*field == kib)
    return;

  *field = kib;
  notify (self, prop_id);
}

static void
set_cores_used (LodgeUsage *self,
                double      cores)
{
  if (self->cores_used == cores)
    return;

  self->cores_used = cores;
  notify (self, PROP_CORES_USED);
  notify (self, PROP_CPU_SHARE);
}

static void
remember (LodgeUsage *self)
{
  gint64 oldest = self->time - LODGE_USAGE_HISTORY_SECONDS * G_USEC_PER_SEC;
  LodgeUsageSample sample = { 0, };
  guint n_old = 0;

  sample.time = self->time;
  sample.actual = self->actual;
  sample.used = lodge_usage_get_used (self);
  sample.resident = self->resident;
  sample.cores = self->cores_used;

  while (n_old < self->history->len &&
         g_array_index (self->history, LodgeUsageSample, n_old).time < oldest)
    n_old++;

  /* In bunches, so that not every sample moves all others. */
  if (n_old >= 16 || n_old == self->history->len)
    g_array_remove_range (self->history, 0, n_old);

  g_array_append_val (self->history, sample);
}

/* Cores kept busy between the sample before and this one. */
static double
count_cores (LodgeUsage         *self,
             const LodgeFigures *figures,
             gint64              time)
{
  if (self->time == 0 || time <= self->time || figures->run != self->run ||
      figures->cpu_time == G_MAXUINT64 || self->cpu_time == G_MAXUINT64 ||
      figures->cpu_time < self->cpu_time)
    return -1;

  return (figures->cpu_time - self->cpu_time) / 1000.0 / (time - self->time);
}

static void
lodge_usage_finalize (GObject *object)
{
  LodgeUsage *self = (LodgeUsage *)object;

  g_clear_pointer (&self->history, g_array_unref);

  G_OBJECT_CLASS (lodge_usage_parent_class)->finalize (object);
}

static void
lodge_usage_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  LodgeUsage *self = LODGE_USAGE (object);

  switch (prop_id)
    {
    case PROP_ACTUAL:
      g_value_set_uint64 (value, self->actual);
      break;

    case PROP_AVAILABLE:
      g_value_set_uint64 (value, self->available);
      break;

    case PROP_CACHES:
      g_value_set_uint64 (value, self->caches);
      break;

    case PROP_CORES_USED:
      g_value_set_double (value, self->cores_used);
      break;

    case PROP_CPU_SHARE:
      g_value_set_double (value, lodge_usage_get_cpu_share (self));
      break;

    case PROP_RESIDENT:
      g_value_set_uint64 (value, self->resident);
      break;

    case PROP_SAMPLED:
      g_value_set_boolean (value, lodge_usage_get_sampled (self));
      break;

    case PROP_UNUSED:
      g_value_set_uint64 (value, self->unused);
      break;

    case PROP_USABLE:
      g_value_set_uint64 (value, self->usable);
      break;

    case PROP_USED:
      g_value_set_uint64 (value, lodge_usage_get_used (self));
      break;

    case PROP_VCPUS:
      g_value_set_uint (value, self->vcpus);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_kib (GObjectClass *object_class,
             guint         prop_id,
             const char   *name)
{
  properties[prop_id] = g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0,
                                             (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, prop_id, properties[prop_id]);
}

static void
install_double (GObjectClass *object_class,
                guint         prop_id,
                const char   *name)
{
  properties[prop_id] = g_param_spec_double (name, NULL, NULL, -1, G_MAXDOUBLE, -1,
                                             (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, prop_id, properties[prop_id]);
}

static void
lodge_usage_class_init (LodgeUsageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = lodge_usage_finalize;
  object_class->get_property = lodge_usage_get_property;

  install_kib (object_class, PROP_ACTUAL, "actual");
  install_kib (object_class, PROP_AVAILABLE, "available");
  install_kib (object_class, PROP_CACHES, "caches");
  install_double (object_class, PROP_CORES_USED, "cores-used");
  install_double (object_class, PROP_CPU_SHARE, "cpu-share");
  install_kib (object_class, PROP_RESIDENT, "resident");
  install_kib (object_class, PROP_UNUSED, "unused");
  install_kib (object_class, PROP_USABLE, "usable");
  install_kib (object_class, PROP_USED, "used");

  properties[PROP_SAMPLED] =
    g_param_spec_boolean ("sampled", NULL, NULL,
                          FALSE,
                          (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_SAMPLED, properties[PROP_SAMPLED]);

  properties[PROP_VCPUS] =
    g_param_spec_uint ("vcpus", NULL, NULL,
                       0, G_MAXUINT, 0,
                       (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_VCPUS, properties[PROP_VCPUS]);

  /**
   * LodgeUsage::updated:
   *
   * Another sample was taken, or the machine has ended.
   */
  signals[UPDATED] =
    g_signal_new ("updated",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
lodge_usage_init (LodgeUsage *self)
{
  self->history = g_array_new (FALSE, FALSE, sizeof (LodgeUsageSample));
  self->cpu_time = G_MAXUINT64;
  self->cores_used = -1;
}

LodgeUsage *
lodge_machine_get_usage (LodgeMachine *machine)
{
  static GQuark quark;
  LodgeUsage *self;

  g_return_val_if_fail (LODGE_IS_MACHINE (machine), NULL);

  if (quark == 0)
    quark = g_quark_from_static_string ("lodge-usage");

  self = g_object_get_qdata (G_OBJECT (machine), quark);
  if (self == NULL)
    {
      self = g_object_new (LODGE_TYPE_USAGE, NULL);
      g_object_set_qdata_full (G_OBJECT (machine), quark, self, g_object_unref);
    }

  return self;
}

void
lodge_figures_free (LodgeFigures *figures)
{
  g_free (figures->id);
  g_free (figures->name);
  g_free (figures);
}

static void
apply_vcpus (LodgeUsage *self,
             guint       vcpus)
{
  if (self->vcpus == vcpus)
    return;

  self->vcpus = vcpus;
  notify (self, PROP_VCPUS);
  notify (self, PROP_CPU_SHARE);
}

void
_lodge_usage_apply (LodgeUsage         *self,
                    const LodgeFigures *figures,
                    gint64              time)
{
  gboolean was_sampled = lodge_usage_get_sampled (self);
  guint64 was_used = lodge_usage_get_used (self);
  double cores = count_cores (self, figures, time);

  g_assert (LODGE_IS_USAGE (self));

  g_object_freeze_notify (G_OBJECT (self));

  set_kib (self, &self->actual, figures->actual, PROP_ACTUAL);
  set_kib (self, &self->available, figures->available, PROP_AVAILABLE);
  set_kib (self, &self->caches, figures->caches, PROP_CACHES);
  set_kib (self, &self->resident, figures->resident, PROP_RESIDENT);
  set_kib (self, &self->unused, figures->unused, PROP_UNUSED);
  set_kib (self, &self->usable, figures->usable, PROP_USABLE);
  if (was_used != lodge_usage_get_used (self))
    notify (self, PROP_USED);

  set_cores_used (self, cores);
  apply_vcpus (self, figures->vcpus);
  self->guest_time = figures->guest_time;
  self->swapped = figures->swapped;
  self->major_faults = figures->major_faults;
  self->cpu_time = figures->cpu_time;
  self->run = figures->run;
  self->time = time;
  if (!was_sampled)
    notify (self, PROP_SAMPLED);

  remember (self);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[UPDATED], 0);
}

void
_lodge_usage_clear (LodgeUsage *self)
{
  guint64 was_used = lodge_usage_get_used (self);

  g_assert (LODGE_IS_USAGE (self));

  if (!lodge_usage_get_sampled (self))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  set_kib (self, &self->actual, 0, PROP_ACTUAL);
  set_kib (self, &self->available, 0, PROP_AVAILABLE);
  set_kib (self, &self->caches, 0, PROP_CACHES);
  set_kib (self, &self->resident, 0, PROP_RESIDENT);
  set_kib (self, &self->unused, 0, PROP_UNUSED);
  set_kib (self, &self->usable, 0, PROP_USABLE);
  if (was_used != 0)
    notify (self, PROP_USED);

  set_cores_used (self, -1);
  self->guest_time = 0;
  self->swapped = 0;
  self->major_faults = 0;
  self->cpu_time = G_MAXUINT64;
  self->time = 0;
  notify (self, PROP_SAMPLED);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[UPDATED], 0);
}

gboolean
lodge_usage_get_sampled (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), FALSE);

  return self->time != 0;
}

guint64
lodge_usage_get_actual (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->actual;
}

guint64
lodge_usage_get_available (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->available;
}

guint64
lodge_usage_get_unused (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->unused;
}

guint64
lodge_usage_get_usable (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->usable;
}

/* What its programs need: all but what is free or could be taken from caches. With a balloon that
 * deflates by itself (autodeflate), Linux counts what is in the balloon as used; it shows by more
 * being available than the machine has.
 */
guint64
lodge_usage_get_used (LodgeUsage *self)
{
  guint64 spare, used, balloon;

  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  /* Old drivers, and those of Windows, tell only what is free. */
  spare = self->usable != 0 ? self->usable : self->unused;
  if (spare == 0 || spare >= self->available)
    return 0;

  used = self->available - spare;
  balloon = self->actual != 0 && self->available > self->actual ? self->available - self->actual : 0;

  /* Less than that: its figures are older than its balloon's, which moves. */
  return used > balloon ? used - balloon : used;
}

guint64
lodge_usage_get_caches (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->caches;
}

guint64
lodge_usage_get_resident (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->resident;
}

double
lodge_usage_get_cores_used (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), -1);

  return self->cores_used;
}

double
lodge_usage_get_cpu_share (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), -1);

  if (self->cores_used < 0 || self->vcpus == 0)
    return -1;

  /* QEMU's own threads are counted, too. */
  return MIN (self->cores_used / self->vcpus, 1);
}

guint
lodge_usage_get_vcpus (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->vcpus;
}

guint64
lodge_usage_get_swapped (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->swapped;
}

guint64
lodge_usage_get_major_faults (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->major_faults;
}

gint64
lodge_usage_get_guest_time (LodgeUsage *self)
{
  g_return_val_if_fail (LODGE_IS_USAGE (self), 0);

  return self->guest_time;
}

GArray *
lodge_usage_copy_history (LodgeUsage *self)
{
  GArray *copy;

  g_return_val_if_fail (LODGE_IS_USAGE (self), NULL);

  copy = g_array_sized_new (FALSE, FALSE, sizeof (LodgeUsageSample), self->history->len);

  for (guint i = 0; i < self->history->len; i++)
    {
      LodgeUsageSample *sample = &g_array_index (self->history, LodgeUsageSample, i);

      if (sample->time >= self->time - LODGE_USAGE_HISTORY_SECONDS * G_USEC_PER_SEC)
        g_array_append_val (copy, *sample);
    }

  return copy;
}
