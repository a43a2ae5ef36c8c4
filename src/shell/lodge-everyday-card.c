/* lodge-everyday-card.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "lodge-everyday-card.h"
#include "lodge-machine-actions.h"
#include "lodge-picture-store.h"
#include "lodge-words.h"

/**
 * LodgeEverydayCard:
 *
 * The guest that is used every day: its last picture, its state, and one large button that starts
 * it or leads to it.
 */

struct _LodgeEverydayCard
{
  GtkWidget     parent_instance;

  LodgeMachine *machine;
  GSignalGroup *signals;
  GCancellable *cancellable;

  /* Template references */
  GtkButton    *button;
  GtkWidget    *clamp;
  GtkLabel     *name;
  GtkPicture   *picture;
  GtkButton    *picture_button;
  GtkStack     *picture_stack;
  GtkSpinner   *spinner;
  GtkLabel     *state;
  GtkImage     *state_icon;
};

enum {
  PROP_0,
  PROP_MACHINE,
  N_PROPS
};

enum {
  OPEN,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeEverydayCard, lodge_everyday_card, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the large button does now. */
static LodgeAction
choose_action (LodgeEverydayCard *self)
{
  if (lodge_machine_can (self->machine, LODGE_ACTION_START))
    return LODGE_ACTION_START;

  if (lodge_machine_can (self->machine, LODGE_ACTION_RESUME))
    return LODGE_ACTION_RESUME;

  return LODGE_ACTION_NONE;
}

static const char *
button_label (LodgeAction action,
              LodgeState  state)
{
  switch ((int)action)
    {
    case LODGE_ACTION_START:
      return state == LODGE_STATE_SAVED ? _("_Continue") : _("_Start");

    case LODGE_ACTION_RESUME:
      return _("_Resume");

    default:
      return _("_Open");
    }
}

static void
update (LodgeEverydayCard *self)
{
  g_autofree char *title = NULL;
  LodgeAction pending;
  LodgeState state;
  gboolean spins;

  g_assert (LODGE_IS_EVERYDAY_CARD (self));

  if (self->machine == NULL)
    return;

  title = lodge_words_dup_machine_title (self->machine);
  state = lodge_machine_get_state (self->machine);
  pending = lodge_machine_get_pending (self->machine);

  gtk_label_set_text (self->name, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), title);
  gtk_label_set_text (self->state, lodge_words_machine_state (state, pending));
  gtk_image_set_from_icon_name (self->state_icon, lodge_words_machine_state_icon (state));
  gtk_button_set_label (self->button, button_label (choose_action (self), state));
  /* A start is told in words: where cairo draws, the spinner takes what the start could use. */
  spins = pending != LODGE_ACTION_NONE && pending != LODGE_ACTION_START;
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), spins);
  gtk_spinner_set_spinning (self->spinner, spins);
}

static void
picture_loaded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(LodgeEverydayCard) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  texture = lodge_picture_store_load_finish (LODGE_PICTURE_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* No picture yet is no failure. */
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child_name (self->picture_stack, texture != NULL ? "picture" : "icon");
}

static void
load_picture (LodgeEverydayCard *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->machine == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  lodge_picture_store_load_async (lodge_picture_store_get_default (),
                                  lodge_machine_get_id (self->machine), self->cancellable,
                                  picture_loaded_cb, g_object_ref (self));
}

static void
picture_changed_cb (LodgePictureStore *store,
                    const char        *id,
                    LodgeEverydayCard *self)
{
  g_assert (LODGE_IS_EVERYDAY_CARD (self));

  if (self->machine != NULL && g_strcmp0 (id, lodge_machine_get_id (self->machine)) == 0)
    load_picture (self);
}

static void
open_clicked_cb (LodgeEverydayCard *self)
{
  g_assert (LODGE_IS_EVERYDAY_CARD (self));

  g_signal_emit (self, signals[OPEN], 0);
}

static void
button_clicked_cb (LodgeEverydayCard *self)
{
  LodgeAction action = choose_action (self);

  g_assert (LODGE_IS_EVERYDAY_CARD (self));

  g_signal_emit (self, signals[OPEN], 0);

  if (action != LODGE_ACTION_NONE)
    lodge_machine_actions_perform (GTK_WIDGET (self), self->machine, action);
}

static gboolean
lodge_everyday_card_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LODGE_EVERYDAY_CARD (widget)->button));
}

static void
lodge_everyday_card_dispose (GObject *object)
{
  LodgeEverydayCard *self = (LodgeEverydayCard *)object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->signals);
  g_clear_object (&self->machine);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_EVERYDAY_CARD);

  G_OBJECT_CLASS (lodge_everyday_card_parent_class)->dispose (object);
}

static void
lodge_everyday_card_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  LodgeEverydayCard *self = LODGE_EVERYDAY_CARD (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      g_value_set_object (value, self->machine);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_everyday_card_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  LodgeEverydayCard *self = LODGE_EVERYDAY_CARD (object);

  switch (prop_id)
    {
    case PROP_MACHINE:
      lodge_everyday_card_set_machine (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_everyday_card_class_init (LodgeEverydayCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_everyday_card_dispose;
  object_class->get_property = lodge_everyday_card_get_property;
  object_class->set_property = lodge_everyday_card_set_property;
  widget_class->grab_focus = lodge_everyday_card_grab_focus;

  properties[PROP_MACHINE] =
    g_param_spec_object ("machine", NULL, NULL,
                         LODGE_TYPE_MACHINE,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPEN] =
    g_signal_new ("open",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "everydaycard");
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-everyday-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, button);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, clamp);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, name);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, picture);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, picture_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, picture_stack);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, spinner);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, state);
  gtk_widget_class_bind_template_child (widget_class, LodgeEverydayCard, state_icon);
  gtk_widget_class_bind_template_callback (widget_class, button_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
}

static void
lodge_everyday_card_init (LodgeEverydayCard *self)
{
  static const char * const props[] = { "notify::state", "notify::pending", "notify::name",
                                        "notify::title" };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (LODGE_TYPE_MACHINE);
  for (guint i = 0; i < G_N_ELEMENTS (props); i++)
    g_signal_group_connect_object (self->signals, props[i], G_CALLBACK (update),
                                   self, G_CONNECT_SWAPPED);

  g_signal_connect_object (lodge_picture_store_get_default (), "changed",
                           G_CALLBACK (picture_changed_cb), self, 0);
}

LodgeMachine *
lodge_everyday_card_get_machine (LodgeEverydayCard *self)
{
  g_return_val_if_fail (LODGE_IS_EVERYDAY_CARD (self), NULL);

  return self->machine;
}

void
lodge_everyday_card_set_machine (LodgeEverydayCard *self,
                                 LodgeMachine      *machine)
{
  g_return_if_fail (LODGE_IS_EVERYDAY_CARD (self));
  g_return_if_fail (!machine || LODGE_IS_MACHINE (machine));

  if (!g_set_object (&self->machine, machine))
    return;

  g_signal_group_set_target (self->signals, machine);
  update (self);
  load_picture (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MACHINE]);
}
