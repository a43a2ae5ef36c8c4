/* lodge-problem.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "lodge-types.h"

G_BEGIN_DECLS

/**
 * LodgeProblem:
 * @title: one line: what did not work
 * @text: the cause and the remedy, in sentences
 * @details: (nullable): the raw text of the error, untranslated
 * @button_label: (nullable): what could help, as a label with mnemonic
 * @action_name: (nullable): the action of that button
 *
 * An error in words. All strings are plain text without markup.
 */
typedef struct
{
  char       *title;
  char       *text;
  char       *details;
  const char *button_label;
  const char *action_name;
} LodgeProblem;

LodgeProblem *lodge_problem_new         (const GError *error,
                                         LodgeAction   action,
                                         const char   *machine_name);
LodgeProblem *lodge_problem_new_session (const GError *error);
void          lodge_problem_free        (LodgeProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LodgeProblem, lodge_problem_free)

G_END_DECLS
