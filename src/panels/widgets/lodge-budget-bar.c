/* lodge-budget-bar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "lodge-budget-bar.h"
#include "lodge-colours.h"

/* In widget units. */
#define BAR_HEIGHT  18
#define PART_GAP    1
#define SWATCH_SIZE 10
#define SPACING     6

/**
 * LodgeBudgetBar:
 *
 * A bar whose parts are what each has. Every part has a tooltip and a line in the legend, and the whole
 * is said in one sentence to those who do not see it.
 */

typedef struct
{
  LodgeBudgetBarKind  kind;
  /* Which of the guests, for its colour */
  guint               index;
  char               *name;
  double              amount;
  char               *words;
} Part;

struct _LodgeBudgetBar
{
  GtkWidget   parent_instance;

  GArray     *parts;
  GArray     *shown;
  GtkWidget  *legend;
  guint       show_legend : 1;
};

enum {
  PROP_0,
  PROP_SHOW_LEGEND,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeBudgetBar, lodge_budget_bar, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
part_clear (gpointer data)
{
  Part *part = data;

  g_free (part->name);
  g_free (part->words);
}

static GArray *
parts_new (void)
{
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (Part));

  g_array_set_clear_func (parts, part_clear);

  return parts;
}

static void
paint (GtkWidget             *widget,
       GtkSnapshot           *snapshot,
       const graphene_rect_t *bounds,
       LodgeBudgetBarKind     kind,
       guint                  index)
{
  GdkRGBA colour = lodge_colours_text (widget, 0.08f);
  GdkRGBA line = lodge_colours_text (widget, 0.55f);

  switch (kind)
    {
    case LODGE_BUDGET_BAR_OWN:
      colour = lodge_colours_accent (widget);
      break;

    case LODGE_BUDGET_BAR_GUEST:
      /* The first of the series is much like the accent colour. */
      colour = lodge_colours_series (widget, 1 + index % 4);
      break;

    case LODGE_BUDGET_BAR_SERVICE:
      colour = lodge_colours_text (widget, 0.6f);
      break;

    case LODGE_BUDGET_BAR_OVERHEAD:
      colour = lodge_colours_text (widget, 0.35f);
      break;

    case LODGE_BUDGET_BAR_RESERVE:
      lodge_colours_hatch (snapshot, bounds, &colour, &line);
      return;

    case LODGE_BUDGET_BAR_FREE:
    default:
      break;
    }

  gtk_snapshot_append_color (snapshot, &colour, bounds);
}

/* The little square before a line of the legend. */
static void
lodge_budget_swatch_snapshot (GtkWidget   *widget,
                              GtkSnapshot *snapshot,
                              const Part  *part)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                               gtk_widget_get_height (widget));
  GdkRGBA border = lodge_colours_text (widget, 0.5f);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  paint (widget, snapshot, &bounds, part->kind, part->index);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { border, border, border, border });
}

#define LODGE_TYPE_BUDGET_SWATCH (lodge_budget_swatch_get_type ())
G_DECLARE_FINAL_TYPE (LodgeBudgetSwatch, lodge_budget_swatch, LODGE, BUDGET_SWATCH, GtkWidget)

struct _LodgeBudgetSwatch
{
  GtkWidget parent_instance;
  Part      part;
};

G_DEFINE_FINAL_TYPE (LodgeBudgetSwatch, lodge_budget_swatch, GTK_TYPE_WIDGET)

static void
lodge_budget_swatch_real_snapshot (GtkWidget   *widget,
                                   GtkSnapshot *snapshot)
{
  lodge_budget_swatch_snapshot (widget, snapshot, &LODGE_BUDGET_SWATCH (widget)->part);
}

static void
lodge_budget_swatch_class_init (LodgeBudgetSwatchClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = lodge_budget_swatch_real_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lodge_budget_swatch_init (LodgeBudgetSwatch *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), SWATCH_SIZE, SWATCH_SIZE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

static GtkWidget *
legend_line_new (const Part *part)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *name = gtk_label_new (part->name);
  GtkWidget *words = gtk_label_new (part->words);
  LodgeBudgetSwatch *swatch = g_object_new (LODGE_TYPE_BUDGET_SWATCH, NULL);

  swatch->part.kind = part->kind;
  swatch->part.index = part->index;

  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_set_tooltip_text (name, part->name);
  gtk_widget_add_css_class (name, "caption");
  gtk_widget_add_css_class (words, "caption");
  gtk_widget_add_css_class (words, "numeric");
  gtk_widget_add_css_class (words, "dim-label");

  gtk_box_append (GTK_BOX (line), GTK_WIDGET (swatch));
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), words);

  return line;
}

static void
update_legend (LodgeBudgetBar *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->legend)) != NULL)
    gtk_box_remove (GTK_BOX (self->legend), child);

  for (guint i = 0; self->show_legend && i < self->shown->len; i++)
    gtk_box_append (GTK_BOX (self->legend), legend_line_new (&g_array_index (self->shown, Part, i)));

  gtk_widget_set_visible (self->legend, self->show_legend);
}

static double
get_total (LodgeBudgetBar *self)
{
  double total = 0;

  for (guint i = 0; i < self->shown->len; i++)
    total += g_array_index (self->shown, Part, i).amount;

  return total;
}

/* Where part @index is drawn. */
static graphene_rect_t
get_bounds (LodgeBudgetBar *self,
            guint           index)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  double total = get_total (self);
  double before = 0;
  float from, to;

  for (guint i = 0; i < index; i++)
    before += g_array_index (self->shown, Part, i).amount;

  from = total > 0 ? (float)round (width * before / total) : 0;
  to = total > 0 ? (float)round (width * (before + g_array_index (self->shown, Part, index).amount) / total) : 0;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    return GRAPHENE_RECT_INIT (width - to, 0, to - from, BAR_HEIGHT);

  return GRAPHENE_RECT_INIT (from, 0, to - from, BAR_HEIGHT);
}

static void
lodge_budget_bar_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  LodgeBudgetBar *self = LODGE_BUDGET_BAR (widget);
  graphene_rect_t whole = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), BAR_HEIGHT);
  GdkRGBA border = lodge_colours_text (widget, 0.45f);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &whole, 6);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);

  for (guint i = 0; i < self->shown->len; i++)
    {
      const Part *part = &g_array_index (self->shown, Part, i);
      graphene_rect_t bounds = get_bounds (self, i);

      if (bounds.size.width > 3 * PART_GAP)
        graphene_rect_inset (&bounds, PART_GAP / 2.0f, 0);
      paint (widget, snapshot, &bounds, part->kind, part->index);
    }

  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { border, border, border, border });
  gtk_widget_snapshot_child (widget, self->legend, snapshot);
}

static void
lodge_budget_bar_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  LodgeBudgetBar *self = LODGE_BUDGET_BAR (widget);

  *minimum = *natural = 0;

  if (gtk_widget_should_layout (self->legend))
    gtk_widget_measure (self->legend, orientation, for_size, minimum, natural, NULL, NULL);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      int extra = BAR_HEIGHT + (*natural > 0 ? SPACING : 0);

      *minimum += extra;
      *natural += extra;
    }
  else
    {
      *minimum = MAX (*minimum, 100);
      *natural = MAX (*natural, 200);
    }
}

static void
lodge_budget_bar_size_allocate (GtkWidget *widget,
                                int        width,
                                int        height,
                                int        baseline)
{
  LodgeBudgetBar *self = LODGE_BUDGET_BAR (widget);

  if (gtk_widget_should_layout (self->legend))
    gtk_widget_size_allocate (self->legend,
                              &(GtkAllocation) { 0, BAR_HEIGHT + SPACING,
                                                 width, MAX (0, height - BAR_HEIGHT - SPACING) }, -1);
}

static gboolean
lodge_budget_bar_query_tooltip (GtkWidget  *widget,
                                int         x,
                                int         y,
                                gboolean    keyboard_mode,
                                GtkTooltip *tooltip)
{
  LodgeBudgetBar *self = LODGE_BUDGET_BAR (widget);

  for (guint i = 0; i < self->shown->len && !keyboard_mode; i++)
    {
      const Part *part = &g_array_index (self->shown, Part, i);
      graphene_rect_t bounds = get_bounds (self, i);
      g_autofree char *text = NULL;

      if (!graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT (x, y)))
        continue;

      text = g_strdup_printf (_("%s: %s"), part->name, part->words);
      gtk_tooltip_set_text (tooltip, text);

      return TRUE;
    }

  return FALSE;
}

static void
lodge_budget_bar_dispose (GObject *object)
{
  LodgeBudgetBar *self = (LodgeBudgetBar *)object;

  g_clear_pointer (&self->legend, gtk_widget_unparent);

  G_OBJECT_CLASS (lodge_budget_bar_parent_class)->dispose (object);
}

static void
lodge_budget_bar_finalize (GObject *object)
{
  LodgeBudgetBar *self = (LodgeBudgetBar *)object;

  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->shown, g_array_unref);

  G_OBJECT_CLASS (lodge_budget_bar_parent_class)->finalize (object);
}

static void
lodge_budget_bar_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  LodgeBudgetBar *self = LODGE_BUDGET_BAR (object);

  switch (prop_id)
    {
    case PROP_SHOW_LEGEND:
      g_value_set_boolean (value, self->show_legend);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_budget_bar_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  LodgeBudgetBar *self = LODGE_BUDGET_BAR (object);

  switch (prop_id)
    {
    case PROP_SHOW_LEGEND:
      self->show_legend = g_value_get_boolean (value);
      update_legend (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_budget_bar_class_init (LodgeBudgetBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_budget_bar_dispose;
  object_class->finalize = lodge_budget_bar_finalize;
  object_class->get_property = lodge_budget_bar_get_property;
  object_class->set_property = lodge_budget_bar_set_property;
  widget_class->measure = lodge_budget_bar_measure;
  widget_class->query_tooltip = lodge_budget_bar_query_tooltip;
  widget_class->size_allocate = lodge_budget_bar_size_allocate;
  widget_class->snapshot = lodge_budget_bar_snapshot;

  properties[PROP_SHOW_LEGEND] =
    g_param_spec_boolean ("show-legend", NULL, NULL,
                          TRUE,
                          (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lodge_budget_bar_init (LodgeBudgetBar *self)
{
  self->parts = parts_new ();
  self->shown = parts_new ();
  self->show_legend = TRUE;
  self->legend = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_parent (self->legend, GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

void
lodge_budget_bar_begin (LodgeBudgetBar *self)
{
  g_return_if_fail (LODGE_IS_BUDGET_BAR (self));

  g_array_set_size (self->parts, 0);
}

/**
 * lodge_budget_bar_add:
 * @name: whose it is
 * @amount: how much, in any unit that is the same for all
 * @amount_words: the same for people
 *
 * Adds a part after the others. One that has nothing is left out.
 */
void
lodge_budget_bar_add (LodgeBudgetBar     *self,
                      LodgeBudgetBarKind  kind,
                      const char         *name,
                      double              amount,
                      const char         *amount_words)
{
  Part part = { .kind = kind, .amount = amount };

  g_return_if_fail (LODGE_IS_BUDGET_BAR (self));
  g_return_if_fail (name != NULL && amount_words != NULL);

  if (amount <= 0)
    return;

  for (guint i = 0; i < self->parts->len; i++)
    part.index += g_array_index (self->parts, Part, i).kind == kind;

  part.name = g_strdup (name);
  part.words = g_strdup (amount_words);
  g_array_append_val (self->parts, part);
}

static gboolean
same_parts (const GArray *a,
            const GArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const Part *one = &g_array_index (a, Part, i);
      const Part *other = &g_array_index (b, Part, i);

      if (one->kind != other->kind || g_strcmp0 (one->name, other->name) != 0 ||
          g_strcmp0 (one->words, other->words) != 0)
        return FALSE;
    }

  return TRUE;
}

/**
 * lodge_budget_bar_end:
 * @title: what the bar is about, such as "Memory of this computer: 24 GiB"
 *
 * Shows the parts that were added.
 */
void
lodge_budget_bar_end (LodgeBudgetBar *self,
                      const char     *title)
{
  g_autoptr(GString) all = NULL;
  gboolean same;
  GArray *last;

  g_return_if_fail (LODGE_IS_BUDGET_BAR (self));
  g_return_if_fail (title != NULL);

  same = same_parts (self->parts, self->shown);
  last = self->shown;
  self->shown = self->parts;
  self->parts = last;
  gtk_widget_queue_draw (GTK_WIDGET (self));

  if (same)
    return;

  all = g_string_new (NULL);

  for (guint i = 0; i < self->shown->len; i++)
    {
      const Part *part = &g_array_index (self->shown, Part, i);

      g_string_append_printf (all, i > 0 ? "; " : "");
      g_string_append_printf (all, _("%s: %s"), part->name, part->words);
    }

  update_legend (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, all->str,
                                  -1);
}
