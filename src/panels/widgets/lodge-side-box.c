/* lodge-side-box.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-side-box.h"

/* In widget units: the width of the side, and what the content must keep for the side to stand
 * beside it, or over its end. In what is narrower, the side takes a part of the height from below.
 */
#define SIDE_WIDTH    372
#define BESIDE_LEFT   460
#define OVER_LEFT     200
#define BELOW_PERCENT 58

#define SHADOW 14

/**
 * LodgeSideBox:
 *
 * A screen, and a sheet that opens beside it.
 *
 * Where there is no room beside it, the sheet covers a part of the screen, and never all: what is
 * changed in the sheet is seen on the screen.
 */

struct _LodgeSideBox
{
  GtkWidget          parent_instance;

  GtkWidget         *content;
  GtkWidget         *side;
  LodgeSideBoxPlace  place;
  guint              open : 1;
};

enum {
  PROP_0,
  PROP_CONTENT,
  PROP_OPEN,
  PROP_SIDE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (LodgeSideBox, lodge_side_box, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
set_child (LodgeSideBox  *self,
           GtkWidget    **slot,
           GtkWidget     *child)
{
  if (*slot == child)
    return;

  g_clear_pointer (slot, gtk_widget_unparent);
  *slot = child;

  /* The side is drawn, and takes the pointer, above the content. */
  if (child != NULL && slot == &self->content)
    gtk_widget_insert_after (child, GTK_WIDGET (self), NULL);
  else if (child != NULL)
    gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);

  if (self->side != NULL)
    gtk_widget_set_visible (self->side, self->open);
}

static void
measure_child (GtkWidget      *child,
               GtkOrientation  orientation,
               int             for_size,
               int            *minimum,
               int            *natural)
{
  *minimum = *natural = 0;

  if (child != NULL && gtk_widget_should_layout (child))
    gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
lodge_side_box_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  LodgeSideBox *self = LODGE_SIDE_BOX (widget);
  int content_minimum, content_natural, side_minimum, side_natural;

  measure_child (self->content, orientation, -1, &content_minimum, &content_natural);
  measure_child (self->open ? self->side : NULL, orientation, -1, &side_minimum, &side_natural);

  *minimum = MAX (content_minimum, side_minimum);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? content_natural + side_natural
                                                       : MAX (content_natural, side_natural);
}

static LodgeSideBoxPlace
choose_place (int width,
              int side_width)
{
  if (width >= side_width + BESIDE_LEFT)
    return LODGE_SIDE_BOX_BESIDE;

  return width >= side_width + OVER_LEFT ? LODGE_SIDE_BOX_OVER : LODGE_SIDE_BOX_BELOW;
}

static void
lodge_side_box_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  LodgeSideBox *self = LODGE_SIDE_BOX (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation content = { 0, 0, width, height };
  GtkAllocation side = { 0, 0, SIDE_WIDTH, height };

  if (self->side != NULL && self->open && gtk_widget_should_layout (self->side))
    {
      int minimum, natural;

      measure_child (self->side, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural);
      side.width = MAX (minimum, SIDE_WIDTH);
      self->place = choose_place (width, side.width);

      if (self->place == LODGE_SIDE_BOX_BELOW)
        {
          measure_child (self->side, GTK_ORIENTATION_VERTICAL, width, &minimum, &natural);
          side.width = width;
          side.height = MAX (minimum, MIN (natural, height * BELOW_PERCENT / 100));
          side.y = height - side.height;
        }
      else
        {
          side.x = rtl ? 0 : width - side.width;
        }

      if (self->place == LODGE_SIDE_BOX_BESIDE)
        {
          content.width -= side.width;
          content.x = rtl ? side.width : 0;
        }

      gtk_widget_size_allocate (self->side, &side, -1);
    }

  if (self->content != NULL && gtk_widget_should_layout (self->content))
    gtk_widget_size_allocate (self->content, &content, -1);
}

static void
lodge_side_box_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  LodgeSideBox *self = LODGE_SIDE_BOX (widget);

  if (self->content != NULL)
    gtk_widget_snapshot_child (widget, self->content, snapshot);

  if (self->side == NULL || !self->open)
    return;

  /* What covers the screen is set off from it, in any style, by its shadow. */
  if (self->place != LODGE_SIDE_BOX_BESIDE)
    {
      graphene_rect_t bounds;
      GskRoundedRect outline;

      if (gtk_widget_compute_bounds (self->side, widget, &bounds))
        {
          gsk_rounded_rect_init_from_rect (&outline, &bounds, 0);
          gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA) { 0, 0, 0, 0.45f },
                                             0, 0, 1, SHADOW);
        }
    }

  gtk_widget_snapshot_child (widget, self->side, snapshot);
}

static void
lodge_side_box_dispose (GObject *object)
{
  LodgeSideBox *self = (LodgeSideBox *)object;

  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->side, gtk_widget_unparent);

  G_OBJECT_CLASS (lodge_side_box_parent_class)->dispose (object);
}

static void
lodge_side_box_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  LodgeSideBox *self = LODGE_SIDE_BOX (object);

  switch (prop_id)
    {
    case PROP_CONTENT:
      g_value_set_object (value, self->content);
      break;

    case PROP_OPEN:
      g_value_set_boolean (value, self->open);
      break;

    case PROP_SIDE:
      g_value_set_object (value, self->side);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_side_box_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  LodgeSideBox *self = LODGE_SIDE_BOX (object);

  switch (prop_id)
    {
    case PROP_CONTENT:
      set_child (self, &self->content, g_value_get_object (value));
      break;

    case PROP_OPEN:
      lodge_side_box_set_open (self, g_value_get_boolean (value));
      break;

    case PROP_SIDE:
      set_child (self, &self->side, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_side_box_class_init (LodgeSideBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_side_box_dispose;
  object_class->get_property = lodge_side_box_get_property;
  object_class->set_property = lodge_side_box_set_property;
  widget_class->measure = lodge_side_box_measure;
  widget_class->size_allocate = lodge_side_box_size_allocate;
  widget_class->snapshot = lodge_side_box_snapshot;

  properties[PROP_CONTENT] =
    g_param_spec_object ("content", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  properties[PROP_OPEN] =
    g_param_spec_boolean ("open", NULL, NULL,
                          FALSE,
                          (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_SIDE] =
    g_param_spec_object ("side", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_side_box_init (LodgeSideBox *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

gboolean
lodge_side_box_get_open (LodgeSideBox *self)
{
  g_return_val_if_fail (LODGE_IS_SIDE_BOX (self), FALSE);

  return self->open;
}

void
lodge_side_box_set_open (LodgeSideBox *self,
                         gboolean      open)
{
  g_return_if_fail (LODGE_IS_SIDE_BOX (self));

  if (self->open == !!open)
    return;

  self->open = !!open;

  if (self->side != NULL)
    gtk_widget_set_visible (self->side, self->open);

  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

/**
 * lodge_side_box_get_place:
 *
 * Returns: where the side stood when it was last laid out
 */
LodgeSideBoxPlace
lodge_side_box_get_place (LodgeSideBox *self)
{
  g_return_val_if_fail (LODGE_IS_SIDE_BOX (self), LODGE_SIDE_BOX_BESIDE);

  return self->place;
}
