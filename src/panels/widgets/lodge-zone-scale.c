/* lodge-zone-scale.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "lodge-colours.h"
#include "lodge-zone-scale.h"

/* In widget units. */
#define BAR_HEIGHT  12
#define USED_HEIGHT 4

/* So many ticks at most, and so many of them with words. */
#define MAX_TICKS  16
#define MAX_LABELS 4

/**
 * LodgeZoneScale:
 *
 * A slider that shows why it stops where it stops.
 *
 * On the left is what must be kept, hatched on the right what belongs to others. The slider goes to
 * neither, by whatever hand: pointer, keys or assistive technology. Where the value stands already
 * outside, it stays until it is moved, and then only inwards.
 */

struct _LodgeZoneScale
{
  GtkScale              parent_instance;

  /* Not owned: parts of GtkRange */
  GtkWidget            *trough;
  GtkWidget            *slider;

  LodgeZoneScaleFormat  format;
  double                floor;
  double                reachable;
  double                maximum;
  double                used;
  double                step;
  /* What it was told to show, apart from what the user does to it */
  double                told;
  double                ticks_for;
  char                 *words[3];
  char                 *obstacle;
  guint                 rest;
  guint                 updating : 1;
  guint                 pressed : 1;
};

enum {
  MOVED,
  ASKED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeZoneScale, lodge_zone_scale, GTK_TYPE_SCALE)

static guint signals[N_SIGNALS];

static char *
format (LodgeZoneScale *self,
        double          value)
{
  return self->format != NULL ? self->format (value) : g_strdup_printf ("%g", value);
}

static double
clamp (LodgeZoneScale *self,
       double          value)
{
  double lower = MIN (self->floor, self->told);
  double upper = MAX (self->reachable, self->told);
  double stepped = self->step > 0 ? round (value / self->step) * self->step : value;

  /* The ends may lie between two steps. */
  return CLAMP (stepped, lower, MAX (lower, upper));
}

static void
update_words (LodgeZoneScale *self)
{
  g_autofree char *text = format (self, gtk_range_get_value (GTK_RANGE (self)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
ask (LodgeZoneScale *self)
{
  double value = gtk_range_get_value (GTK_RANGE (self));

  g_clear_handle_id (&self->rest, g_source_remove);
  self->told = value;
  g_signal_emit (self, signals[ASKED], 0, value);
}

static gboolean
rest_cb (gpointer user_data)
{
  LodgeZoneScale *self = user_data;

  self->rest = 0;
  ask (self);

  return G_SOURCE_REMOVE;
}

static void
set_shown_value (LodgeZoneScale *self,
                 double          value)
{
  self->updating = TRUE;
  gtk_range_set_value (GTK_RANGE (self), value);
  self->updating = FALSE;
}

static void
lodge_zone_scale_value_changed (GtkRange *range)
{
  LodgeZoneScale *self = LODGE_ZONE_SCALE (range);
  double value = gtk_range_get_value (range);

  update_words (self);

  if (self->updating)
    return;

  /* Assistive technology sets the value straight away, wherever it may be. */
  if (value != clamp (self, value))
    {
      value = clamp (self, value);
      set_shown_value (self, value);
    }

  g_clear_handle_id (&self->rest, g_source_remove);
  self->rest = g_timeout_add (LODGE_ZONE_SCALE_REST, rest_cb, self);
  g_signal_emit (self, signals[MOVED], 0, value);
}

static gboolean
lodge_zone_scale_change_value (GtkRange      *range,
                               GtkScrollType  scroll,
                               double         value)
{
  LodgeZoneScale *self = LODGE_ZONE_SCALE (range);

  return GTK_RANGE_CLASS (lodge_zone_scale_parent_class)->change_value (range, scroll, clamp (self, value));
}

static void
let_go (LodgeZoneScale *self)
{
  self->pressed = FALSE;

  /* What came meanwhile was kept from the user's hand. */
  if (self->rest != 0)
    ask (self);
  else
    set_shown_value (self, self->told);
}

static gboolean
event_cb (LodgeZoneScale *self,
          GdkEvent       *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  g_assert (LODGE_IS_ZONE_SCALE (self));

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    self->pressed = TRUE;

  if (type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL ||
      type == GDK_GRAB_BROKEN)
    let_go (self);

  return GDK_EVENT_PROPAGATE;
}

static void
lodge_zone_scale_unmap (GtkWidget *widget)
{
  let_go (LODGE_ZONE_SCALE (widget));

  GTK_WIDGET_CLASS (lodge_zone_scale_parent_class)->unmap (widget);
}

/* GTK brings a release to nobody who has become insensitive. */
static void
lodge_zone_scale_state_flags_changed (GtkWidget     *widget,
                                      GtkStateFlags  before)
{
  LodgeZoneScale *self = LODGE_ZONE_SCALE (widget);

  GTK_WIDGET_CLASS (lodge_zone_scale_parent_class)->state_flags_changed (widget, before);

  if (self->pressed && !gtk_widget_is_sensitive (widget))
    let_go (self);
}

static GtkWidget *
find_child (GtkWidget  *widget,
            const char *css_name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (gtk_widget_get_css_name (child), css_name))
      return child;

  return NULL;
}

/* Where the middle of the slider is for a value: GTK keeps the slider, less its margins, within the
 * trough.
 */
static double
position_of (LodgeZoneScale *self,
             double          value)
{
  double share = self->maximum > 0 ? CLAMP (value / self->maximum, 0, 1) : 0;
  graphene_rect_t trough = GRAPHENE_RECT_INIT (0, 0, 0, 0);
  int slider_width = 0;

  if (self->trough != NULL && gtk_widget_compute_bounds (self->trough, GTK_WIDGET (self), &trough))
    gtk_widget_measure (self->slider, GTK_ORIENTATION_HORIZONTAL, -1, &slider_width, NULL, NULL, NULL);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    share = 1 - share;

  return trough.origin.x + slider_width / 2.0 + share * (trough.size.width - slider_width);
}

static graphene_rect_t
get_bar (LodgeZoneScale *self)
{
  double from = position_of (self, 0);
  double to = position_of (self, self->maximum);
  graphene_rect_t trough = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  if (self->trough != NULL && !gtk_widget_compute_bounds (self->trough, GTK_WIDGET (self), &trough))
    return trough;

  return GRAPHENE_RECT_INIT (MIN (from, to) - BAR_HEIGHT / 2.0,
                             trough.origin.y + (trough.size.height - BAR_HEIGHT) / 2.0,
                             fabs (to - from) + BAR_HEIGHT, BAR_HEIGHT);
}

/* The part of @bar between two values; at the ends it goes on to the end of the bar. */
static graphene_rect_t
get_part (LodgeZoneScale        *self,
          const graphene_rect_t *bar,
          double                 from,
          double                 to)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double left = position_of (self, rtl ? to : from);
  double right = position_of (self, rtl ? from : to);

  if ((rtl ? to : from) == (rtl ? self->maximum : 0))
    left = bar->origin.x;
  if ((rtl ? from : to) == (rtl ? 0 : self->maximum))
    right = bar->origin.x + bar->size.width;

  return GRAPHENE_RECT_INIT (left, bar->origin.y, MAX (0, right - left), bar->size.height);
}

static void
paint_zones (LodgeZoneScale        *self,
             GtkSnapshot           *snapshot,
             const graphene_rect_t *bar)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double value = gtk_range_get_value (GTK_RANGE (self));
  double reachable = MAX (self->reachable, self->floor);
  GdkRGBA ground = lodge_colours_text (widget, 0.14f);
  GdkRGBA faint = lodge_colours_text (widget, 0.10f);
  GdkRGBA line = lodge_colours_text (widget, 0.5f);
  GdkRGBA has = lodge_colours_accent (widget);
  GdkRGBA keep = lodge_colours_text (widget, 0.35f);
  graphene_rect_t part;

  gtk_snapshot_append_color (snapshot, &ground, bar);

  part = get_part (self, bar, 0, value);
  gtk_snapshot_append_color (snapshot, &has, &part);

  /* What must be kept is darker, whether the guest has it or not. */
  part = get_part (self, bar, 0, self->floor);
  gtk_snapshot_append_color (snapshot, &keep, &part);

  part = get_part (self, bar, MAX (reachable, value), self->maximum);
  if (part.size.width > 0 && MAX (reachable, value) < self->maximum)
    lodge_colours_hatch (snapshot, &part, &faint, &line);
}

static void
paint_used (LodgeZoneScale        *self,
            GtkSnapshot           *snapshot,
            const graphene_rect_t *bar)
{
  graphene_rect_t part = get_part (self, bar, 0, self->used);
  GdkRGBA shadow = { 0, 0, 0, 0.55f };
  GdkRGBA light = { 1, 1, 1, 1 };

  if (self->used <= 0)
    return;

  /* White in a dark line: seen on the accent colour and on the empty bar, in any style. */
  part.origin.y += (BAR_HEIGHT - USED_HEIGHT) / 2.0 - 1;
  part.size.height = USED_HEIGHT + 2;
  gtk_snapshot_append_color (snapshot, &shadow, &part);
  part.origin.y += 1;
  part.size.height = USED_HEIGHT;
  part.size.width = MAX (1, part.size.width - 1);
  gtk_snapshot_append_color (snapshot, &light, &part);
}

static void
lodge_zone_scale_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  LodgeZoneScale *self = LODGE_ZONE_SCALE (widget);
  graphene_rect_t bar = get_bar (self);
  GdkRGBA border = lodge_colours_text (widget, 0.45f);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bar, BAR_HEIGHT / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  paint_zones (self, snapshot, &bar);
  paint_used (self, snapshot, &bar);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { border, border, border, border });

  GTK_WIDGET_CLASS (lodge_zone_scale_parent_class)->snapshot (widget, snapshot);
}

static double
value_at (LodgeZoneScale *self,
          double          x)
{
  double from = position_of (self, 0);
  double to = position_of (self, self->maximum);

  return from != to ? (x - from) / (to - from) * self->maximum : 0;
}

static gboolean
lodge_zone_scale_query_tooltip (GtkWidget  *widget,
                                int         x,
                                int         y,
                                gboolean    keyboard_mode,
                                GtkTooltip *tooltip)
{
  LodgeZoneScale *self = LODGE_ZONE_SCALE (widget);
  double value = keyboard_mode ? gtk_range_get_value (GTK_RANGE (self)) : value_at (self, x);
  guint zone = value < self->floor ? 0 : value <= self->reachable ? 1 : 2;
  const char *words = self->obstacle != NULL ? self->obstacle : self->words[zone];

  if (words == NULL)
    return FALSE;

  gtk_tooltip_set_text (tooltip, words);

  return TRUE;
}

/* Who turns the wheel over a slider wants to see what is below it, not to change a running guest. */
static void
forget_wheel (LodgeZoneScale *self)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (self));

  for (guint i = g_list_model_get_n_items (controllers); i > 0; i--)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i - 1);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_widget_remove_controller (GTK_WIDGET (self), controller);
    }
}

static void
lodge_zone_scale_constructed (GObject *object)
{
  LodgeZoneScale *self = LODGE_ZONE_SCALE (object);

  G_OBJECT_CLASS (lodge_zone_scale_parent_class)->constructed (object);

  self->trough = find_child (GTK_WIDGET (self), "trough");
  self->slider = self->trough != NULL ? find_child (self->trough, "slider") : NULL;
  if (self->slider == NULL)
    self->trough = NULL;

  forget_wheel (self);

  gtk_scale_set_draw_value (GTK_SCALE (self), FALSE);
  gtk_scale_set_digits (GTK_SCALE (self), -1);
  gtk_range_set_range (GTK_RANGE (self), 0, 1);
  self->updating = FALSE;
}

static void
lodge_zone_scale_dispose (GObject *object)
{
  LodgeZoneScale *self = (LodgeZoneScale *)object;

  g_clear_handle_id (&self->rest, g_source_remove);

  G_OBJECT_CLASS (lodge_zone_scale_parent_class)->dispose (object);
}

static void
lodge_zone_scale_finalize (GObject *object)
{
  LodgeZoneScale *self = (LodgeZoneScale *)object;

  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    g_clear_pointer (&self->words[i], g_free);
  g_clear_pointer (&self->obstacle, g_free);

  G_OBJECT_CLASS (lodge_zone_scale_parent_class)->finalize (object);
}

static void
lodge_zone_scale_class_init (LodgeZoneScaleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkRangeClass *range_class = GTK_RANGE_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = lodge_zone_scale_constructed;
  object_class->dispose = lodge_zone_scale_dispose;
  object_class->finalize = lodge_zone_scale_finalize;
  range_class->change_value = lodge_zone_scale_change_value;
  range_class->value_changed = lodge_zone_scale_value_changed;
  widget_class->query_tooltip = lodge_zone_scale_query_tooltip;
  widget_class->snapshot = lodge_zone_scale_snapshot;
  widget_class->state_flags_changed = lodge_zone_scale_state_flags_changed;
  widget_class->unmap = lodge_zone_scale_unmap;

  signals[MOVED] =
    g_signal_new ("moved",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  signals[ASKED] =
    g_signal_new ("asked",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
lodge_zone_scale_init (LodgeZoneScale *self)
{
  GtkEventController *events = gtk_event_controller_legacy_new ();

  /* Until it is constructed: GtkRange says then that it has a value. */
  self->updating = TRUE;
  gtk_widget_add_css_class (GTK_WIDGET (self), "zones");
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);

  /* The slider itself takes the pointer; whether it is held is seen on the way to it. */
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (events, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), events);
}

void
lodge_zone_scale_set_format (LodgeZoneScale       *self,
                             LodgeZoneScaleFormat  format_value)
{
  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));

  self->format = format_value;
  update_words (self);
}

/**
 * lodge_zone_scale_set_steps:
 * @step: what an arrow key adds; every value is a multiple of it
 * @page: what Page Up adds at most; it stops at the ticks on the way
 */
void
lodge_zone_scale_set_steps (LodgeZoneScale *self,
                            double          step,
                            double          page)
{
  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));
  g_return_if_fail (step > 0 && page >= step);

  self->step = step;
  gtk_range_set_increments (GTK_RANGE (self), step, page);
}

/* Ticks at 1, 2, 4, 8 … steps, and words at some of them. */
static void
update_ticks (LodgeZoneScale *self)
{
  double tick = 1, labelled;

  if (self->ticks_for == self->maximum)
    return;

  self->ticks_for = self->maximum;
  gtk_scale_clear_marks (GTK_SCALE (self));

  while (self->maximum / tick > MAX_TICKS)
    tick *= 2;
  while (self->maximum / tick < 2 && tick > self->step)
    tick /= 2;
  for (labelled = tick; self->maximum / labelled > MAX_LABELS; )
    labelled *= 2;

  for (double value = 0; value <= self->maximum; value += tick)
    {
      g_autofree char *text = fmod (value, labelled) == 0 && value > 0 ? format (self, value) : NULL;
      g_autofree char *markup = text != NULL ? g_markup_printf_escaped ("<small>%s</small>", text) : NULL;

      gtk_scale_add_mark (GTK_SCALE (self), value, GTK_POS_BOTTOM, markup);
    }
}

/**
 * lodge_zone_scale_set_zones:
 * @floor: below this it does not go
 * @reachable: above this neither
 * @maximum: what there is in all; the right end
 */
void
lodge_zone_scale_set_zones (LodgeZoneScale *self,
                            double          floor,
                            double          reachable,
                            double          maximum)
{
  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));
  g_return_if_fail (maximum >= 0);

  if (self->floor == floor && self->reachable == reachable && self->maximum == maximum)
    return;

  self->floor = CLAMP (floor, 0, maximum);
  self->reachable = CLAMP (reachable, self->floor, maximum);
  self->maximum = maximum;

  self->updating = TRUE;
  gtk_range_set_range (GTK_RANGE (self), 0, MAX (maximum, self->step));
  self->updating = FALSE;
  update_ticks (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * lodge_zone_scale_set_used:
 * @used: what is in use, drawn inside the bar; 0 if not known
 */
void
lodge_zone_scale_set_used (LodgeZoneScale *self,
                           double          used)
{
  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));

  if (self->used == used)
    return;

  self->used = used;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* For assistive technology: why it cannot be moved, or where to. */
static void
update_description (LodgeZoneScale *self)
{
  g_autoptr(GString) all = g_string_new (self->obstacle);

  for (guint i = 0; self->obstacle == NULL && i < G_N_ELEMENTS (self->words); i++)
    {
      if (self->words[i] != NULL)
        g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", self->words[i]);
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, all->str, -1);
}

/**
 * lodge_zone_scale_set_words:
 * @floor_words: (nullable): what must be kept, in words
 * @free_words: (nullable): what is free
 * @others_words: (nullable): whose the rest is
 *
 * Sets the tooltips of the zones, which are also the description for assistive technology.
 */
void
lodge_zone_scale_set_words (LodgeZoneScale *self,
                            const char     *floor_words,
                            const char     *free_words,
                            const char     *others_words)
{
  const char *words[] = { floor_words, free_words, others_words };
  gboolean changed = FALSE;

  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (self->words[i], words[i]) != 0)
        {
          g_free (self->words[i]);
          self->words[i] = g_strdup (words[i]);
          changed = TRUE;
        }
    }

  if (changed)
    update_description (self);
}

/**
 * lodge_zone_scale_set_obstacle:
 * @reason: (nullable): why it cannot be moved, or %NULL if it can
 *
 * With a reason it is insensitive, and its tooltip and its description are that reason.
 */
void
lodge_zone_scale_set_obstacle (LodgeZoneScale *self,
                               const char     *reason)
{
  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));

  if (g_strcmp0 (self->obstacle, reason) == 0)
    return;

  g_free (self->obstacle);
  self->obstacle = g_strdup (reason);
  gtk_widget_set_sensitive (GTK_WIDGET (self), reason == NULL);
  update_description (self);
}

/**
 * lodge_zone_scale_set_value:
 * @value: what there is now
 *
 * Shows what there is. While the user holds the slider, or it has not come to rest, it stays with the
 * user.
 */
void
lodge_zone_scale_set_value (LodgeZoneScale *self,
                            double          value)
{
  g_return_if_fail (LODGE_IS_ZONE_SCALE (self));

  self->told = value;

  if (!lodge_zone_scale_is_held (self) && gtk_range_get_value (GTK_RANGE (self)) != value)
    set_shown_value (self, value);
}

double
lodge_zone_scale_get_value (LodgeZoneScale *self)
{
  g_return_val_if_fail (LODGE_IS_ZONE_SCALE (self), 0);

  return gtk_range_get_value (GTK_RANGE (self));
}

/**
 * lodge_zone_scale_is_held:
 *
 * Returns: whether the user is about to choose a value
 */
gboolean
lodge_zone_scale_is_held (LodgeZoneScale *self)
{
  g_return_val_if_fail (LODGE_IS_ZONE_SCALE (self), FALSE);

  return self->pressed || self->rest != 0;
}
