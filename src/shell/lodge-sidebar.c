/* lodge-sidebar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-everyday-card.h"
#include "lodge-host.h"
#include "lodge-machine.h"
#include "lodge-menu-names.h"
#include "lodge-sidebar-row.h"
#include "lodge-sidebar.h"
#include "lodge-words.h"

/**
 * LodgeSidebar:
 *
 * What there is: the everyday guest, hosts, and their other guests in one list whose rows are
 * recycled, so that a thousand guests cost no more widgets than fit on the screen.
 */

struct _LodgeSidebar
{
  GtkWidget           parent_instance;

  LodgeHostList      *hosts;
  GtkFilter          *filter;
  GtkSorter          *sorter;
  GtkSingleSelection *selection;
  char               *needle;
  /* Not owned: the selection is being changed by the program, not by the user */
  guint               selecting : 1;

  /* Template references */
  GtkWidget          *box;
  LodgeEverydayCard  *card;
  GtkWidget          *connect_button;
  AdwHeaderBar       *header;
  GtkListView        *list;
  GtkWidget          *menu_button;
  GtkSearchBar       *search_bar;
  GtkWidget          *search_button;
  GtkSearchEntry     *search_entry;
};

enum {
  PROP_0,
  PROP_HOSTS,
  N_PROPS
};

enum {
  SUBJECT_CHOSEN,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (LodgeSidebar, lodge_sidebar, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
machine_matches (gpointer item,
                 gpointer user_data)
{
  LodgeSidebar *self = user_data;
  g_autofree char *title = NULL;
  g_autofree char *folded = NULL;

  /* It stands on top of the list. */
  if (self->hosts != NULL && item == lodge_host_list_get_everyday (self->hosts))
    return FALSE;

  if (self->needle == NULL)
    return TRUE;

  title = lodge_words_dup_machine_title (item);
  folded = g_utf8_casefold (title, -1);

  return strstr (folded, self->needle) != NULL;
}

static int
compare_machines (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  const char *one = lodge_machine_get_name ((LodgeMachine *)a);
  const char *two = lodge_machine_get_name ((LodgeMachine *)b);
  int order = g_ascii_strcasecmp (one, two);

  /* The same name may be on two hosts, never twice on one. */
  return CLAMP (order != 0 ? order : strcmp (one, two), -1, 1);
}

static GListModel *
create_machines (gpointer item,
                 gpointer user_data)
{
  LodgeSidebar *self = user_data;
  GtkSortListModel *sorted;

  if (!LODGE_IS_HOST (item))
    return NULL;

  sorted = gtk_sort_list_model_new (
    G_LIST_MODEL (gtk_filter_list_model_new (lodge_host_list_machines (item),
                                             g_object_ref (self->filter))),
    g_object_ref (self->sorter));

  return G_LIST_MODEL (sorted);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  gtk_list_item_set_child (item, lodge_sidebar_row_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  g_autoptr(GObject) subject = gtk_tree_list_row_get_item (gtk_list_item_get_item (item));

  lodge_sidebar_row_set_item (LODGE_SIDEBAR_ROW (gtk_list_item_get_child (item)), subject);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  lodge_sidebar_row_set_item (LODGE_SIDEBAR_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
choose (LodgeSidebar *self,
        gpointer      subject)
{
  g_assert (LODGE_IS_SIDEBAR (self));

  if (subject != NULL)
    g_signal_emit (self, signals[SUBJECT_CHOSEN], 0, subject);
}

static void
selected_cb (LodgeSidebar *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr(GObject) subject = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  g_assert (LODGE_IS_SIDEBAR (self));

  if (!self->selecting)
    choose (self, subject);
}

static void
activate_cb (LodgeSidebar *self,
             guint         position)
{
  g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autoptr(GObject) subject = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  g_assert (LODGE_IS_SIDEBAR (self));

  choose (self, subject);
}

static void
card_open_cb (LodgeSidebar *self)
{
  g_assert (LODGE_IS_SIDEBAR (self));

  choose (self, lodge_everyday_card_get_machine (self->card));
}

static void
search_changed_cb (LodgeSidebar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_assert (LODGE_IS_SIDEBAR (self));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);

  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* Enter opens the first guest that was found, and the keyboard goes on with it. */
static void
search_activated_cb (LodgeSidebar *self)
{
  g_assert (LODGE_IS_SIDEBAR (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      g_autoptr(GObject) subject = gtk_tree_list_row_get_item (row);

      if (!LODGE_IS_MACHINE (subject))
        continue;

      gtk_widget_grab_focus (GTK_WIDGET (self->list));
      choose (self, subject);
      return;
    }
}

static void
everyday_changed_cb (LodgeSidebar *self)
{
  LodgeMachine *everyday = lodge_host_list_get_everyday (self->hosts);

  g_assert (LODGE_IS_SIDEBAR (self));

  lodge_everyday_card_set_machine (self->card, everyday);
  gtk_widget_set_visible (GTK_WIDGET (self->card), everyday != NULL);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
lodge_sidebar_dispose (GObject *object)
{
  LodgeSidebar *self = (LodgeSidebar *)object;

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorter);
  g_clear_object (&self->hosts);
  gtk_widget_dispose_template (GTK_WIDGET (self), LODGE_TYPE_SIDEBAR);

  G_OBJECT_CLASS (lodge_sidebar_parent_class)->dispose (object);
}

static void
lodge_sidebar_finalize (GObject *object)
{
  LodgeSidebar *self = (LodgeSidebar *)object;

  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (lodge_sidebar_parent_class)->finalize (object);
}

static void
lodge_sidebar_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  LodgeSidebar *self = LODGE_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_HOSTS:
      g_value_set_object (value, self->hosts);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_sidebar_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  LodgeSidebar *self = LODGE_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_HOSTS:
      lodge_sidebar_set_hosts (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lodge_sidebar_class_init (LodgeSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lodge_sidebar_dispose;
  object_class->finalize = lodge_sidebar_finalize;
  object_class->get_property = lodge_sidebar_get_property;
  object_class->set_property = lodge_sidebar_set_property;

  properties[PROP_HOSTS] =
    g_param_spec_object ("hosts", NULL, NULL,
                         LODGE_TYPE_HOST_LIST,
                         (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SUBJECT_CHOSEN] =
    g_signal_new ("subject-chosen",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_OBJECT);

  g_type_ensure (LODGE_TYPE_EVERYDAY_CARD);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/shell/lodge-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, box);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, card);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, connect_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, LodgeSidebar, search_entry);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, card_open_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
lodge_sidebar_init (LodgeSidebar *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  lodge_menu_button_name_items (GTK_MENU_BUTTON (self->menu_button));

  self->filter = GTK_FILTER (gtk_custom_filter_new (machine_matches, self, NULL));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare_machines, NULL, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);

  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
}

void
lodge_sidebar_set_hosts (LodgeSidebar  *self,
                         LodgeHostList *hosts)
{
  GtkTreeListModel *tree;

  g_return_if_fail (LODGE_IS_SIDEBAR (self));
  g_return_if_fail (LODGE_IS_HOST_LIST (hosts));

  if (!g_set_object (&self->hosts, hosts))
    return;

  tree = gtk_tree_list_model_new (g_object_ref (G_LIST_MODEL (hosts)), FALSE, TRUE,
                                  create_machines, self, NULL);
  g_clear_object (&self->selection);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (tree));
  g_object_unref (tree);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));

  g_signal_connect_object (hosts, "notify::everyday", G_CALLBACK (everyday_changed_cb),
                           self, G_CONNECT_SWAPPED);
  everyday_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOSTS]);
}

/**
 * lodge_sidebar_select:
 * @subject: (nullable): what the window shows now
 *
 * Marks the line of @subject, if it has one. The user did not choose it: no signal.
 */
void
lodge_sidebar_select (LodgeSidebar *self,
                      GObject      *subject)
{
  guint position = GTK_INVALID_LIST_POSITION;

  g_return_if_fail (LODGE_IS_SIDEBAR (self));

  if (self->selection == NULL)
    return;

  for (guint i = 0; subject != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      g_autoptr(GObject) item = gtk_tree_list_row_get_item (row);

      if (item == subject)
        {
          position = i;
          break;
        }
    }

  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->selecting = FALSE;
}

void
lodge_sidebar_start_search (LodgeSidebar *self)
{
  g_return_if_fail (LODGE_IS_SIDEBAR (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
lodge_sidebar_set_folded (LodgeSidebar *self,
                          gboolean      folded)
{
  g_return_if_fail (LODGE_IS_SIDEBAR (self));

  adw_header_bar_set_show_end_title_buttons (self->header, folded);
}
