/* lodge-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-panel.h"
#include "lodge-report.h"

/**
 * LodgePanel:
 *
 * One page about one subject: a machine, a host or a container.
 *
 * The shell knows panels by this class alone. A panel says what it is called
 * in its .ui file, and gets its subject from the shell. It may bring tools and a menu for the
 * header of the page, whose actions the page makes known there as "panel.…".
 */

typedef struct
{
  GObject      *subject;
  GActionGroup *actions;
  GMenuModel   *menu;
  GtkWidget    *tools;
  char         *title;
  char         *icon_name;
} LodgePanelPrivate;

enum {
  PROP_0,
  PROP_ACTIONS,
  PROP_ICON_NAME,
  PROP_MENU,
  PROP_SUBJECT,
  PROP_TITLE,
  PROP_TOOLS,
  N_PROPS
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LodgePanel, lodge_panel, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

static void
lodge_panel_dispose (GObject *object)
{
  LodgePanel *self = (LodgePanel *)object;
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_clear_object (&priv->actions);
  g_clear_object (&priv->menu);
  g_clear_object (&priv->subject);
  g_clear_object (&priv->tools);

  G_OBJECT_CLASS (lodge_panel_parent_class)->dispose (object);
}

static void
lodge_panel_finalize (GObject *object)
{
  LodgePanel *self = (LodgePanel *)object;
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_clear_pointer (&priv->title, g_free);
  g_clear_pointer (&priv->icon_name, g_free);

  G_OBJECT_CLASS (lodge_panel_parent_class)->finalize (object);
}

static void
lodge_panel_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  LodgePanel *self = LODGE_PANEL (object);

  switch (prop_id)
    {
    case PROP_ACTIONS:
      g_value_set_object (value, lodge_panel_get_actions (self));
      break;

    case PROP_ICON_NAME:
      g_value_set_string (value, lodge_panel_get_icon_name (self));
      break;

    case PROP_MENU:
      g_value_set_object (value, lodge_panel_get_menu (self));
      break;

    case PROP_SUBJECT:
      g_value_set_object (value, lodge_panel_get_subject (self));
      break;

    case PROP_TITLE:
      g_value_set_string (value, lodge_panel_get_title (self));
      break;

    case PROP_TOOLS:
      g_value_set_object (value, lodge_panel_get_tools (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_panel_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  LodgePanel *self = LODGE_PANEL (object);
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_ACTIONS:
      lodge_panel_set_actions (self, g_value_get_object (value));
      break;

    case PROP_ICON_NAME:
      g_free (priv->icon_name);
      priv->icon_name = g_value_dup_string (value);
      break;

    case PROP_MENU:
      lodge_panel_set_menu (self, g_value_get_object (value));
      break;

    case PROP_SUBJECT:
      lodge_panel_set_subject (self, g_value_get_object (value));
      break;

    case PROP_TITLE:
      g_free (priv->title);
      priv->title = g_value_dup_string (value);
      break;

    case PROP_TOOLS:
      g_set_object (&priv->tools, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static gboolean
lodge_panel_real_supports (LodgePanel *self,
                           GObject    *subject)
{
  return subject != NULL;
}

static void
lodge_panel_class_init (LodgePanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lodge_panel_dispose;
  object_class->finalize = lodge_panel_finalize;
  object_class->get_property = lodge_panel_get_property;
  object_class->set_property = lodge_panel_set_property;

  klass->supports = lodge_panel_real_supports;

  properties[PROP_ACTIONS] =
    g_param_spec_object ("actions", NULL, NULL,
                         G_TYPE_ACTION_GROUP,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_ICON_NAME] =
    g_param_spec_string ("icon-name", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  properties[PROP_MENU] =
    g_param_spec_object ("menu", NULL, NULL,
                         G_TYPE_MENU_MODEL,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_SUBJECT] =
    g_param_spec_object ("subject", NULL, NULL,
                         G_TYPE_OBJECT,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  properties[PROP_TOOLS] =
    g_param_spec_object ("tools", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lodge_panel_init (LodgePanel *self)
{
}

GObject *
lodge_panel_get_subject (LodgePanel *self)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_PANEL (self), NULL);

  return priv->subject;
}

void
lodge_panel_set_subject (LodgePanel *self,
                         GObject    *subject)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);
  LodgePanelClass *klass;

  g_return_if_fail (LODGE_IS_PANEL (self));
  g_return_if_fail (!subject || G_IS_OBJECT (subject));

  if (!g_set_object (&priv->subject, subject))
    return;

  klass = LODGE_PANEL_GET_CLASS (self);

  if (klass->subject_changed != NULL)
    klass->subject_changed (self, subject);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBJECT]);
}

LodgePanelPlace
lodge_panel_get_place (LodgePanel *self)
{
  g_return_val_if_fail (LODGE_IS_PANEL (self), LODGE_PANEL_PLACE_PAGE);

  return LODGE_PANEL_GET_CLASS (self)->place;
}

const char *
lodge_panel_get_title (LodgePanel *self)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_PANEL (self), NULL);

  return priv->title;
}

const char *
lodge_panel_get_icon_name (LodgePanel *self)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_PANEL (self), NULL);

  return priv->icon_name;
}

gboolean
lodge_panel_supports (LodgePanel *self,
                      GObject    *subject)
{
  g_return_val_if_fail (LODGE_IS_PANEL (self), FALSE);

  return LODGE_PANEL_GET_CLASS (self)->supports (self, subject);
}

/**
 * lodge_panel_get_tools:
 *
 * Returns: (transfer none) (nullable): a widget for the header of the page
 */
GtkWidget *
lodge_panel_get_tools (LodgePanel *self)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_PANEL (self), NULL);

  return priv->tools;
}

/**
 * lodge_panel_get_menu:
 *
 * Returns: (transfer none) (nullable): what the panel adds to the menu of the page
 */
GMenuModel *
lodge_panel_get_menu (LodgePanel *self)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_PANEL (self), NULL);

  return priv->menu;
}

void
lodge_panel_set_menu (LodgePanel *self,
                      GMenuModel *menu)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_if_fail (LODGE_IS_PANEL (self));
  g_return_if_fail (!menu || G_IS_MENU_MODEL (menu));

  if (g_set_object (&priv->menu, menu))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MENU]);
}

/**
 * lodge_panel_get_actions:
 *
 * Returns: (transfer none) (nullable): the actions that tools and menu call "panel.…"
 */
GActionGroup *
lodge_panel_get_actions (LodgePanel *self)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_val_if_fail (LODGE_IS_PANEL (self), NULL);

  return priv->actions;
}

void
lodge_panel_set_actions (LodgePanel   *self,
                         GActionGroup *actions)
{
  LodgePanelPrivate *priv = lodge_panel_get_instance_private (self);

  g_return_if_fail (LODGE_IS_PANEL (self));
  g_return_if_fail (!actions || G_IS_ACTION_GROUP (actions));

  if (!g_set_object (&priv->actions, actions))
    return;

  gtk_widget_insert_action_group (GTK_WIDGET (self), "panel", actions);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIONS]);
}

/**
 * lodge_panel_report:
 * @error: what went wrong
 *
 * Tells the user in a toast, in words, with the raw text on demand. Says nothing of cancellation.
 */
void
lodge_panel_report (LodgePanel   *self,
                    const GError *error)
{
  g_return_if_fail (LODGE_IS_PANEL (self));
  g_return_if_fail (error != NULL);

  lodge_report_error (GTK_WIDGET (self), error);
}

/**
 * lodge_panel_say:
 * @text: a sentence, plain text
 *
 * Shows a sentence in a toast.
 */
void
lodge_panel_say (LodgePanel *self,
                 const char *text)
{
  g_return_if_fail (LODGE_IS_PANEL (self));
  g_return_if_fail (text != NULL);

  lodge_report_text (GTK_WIDGET (self), text);
}
