// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

// QCustomPlot's header needs Qt's keywords, which the rest of the code does not use (QT_NO_KEYWORDS).
#define signals Q_SIGNALS // NOLINT(cppcoreguidelines-macro-usage)
#define slots Q_SLOTS // NOLINT(cppcoreguidelines-macro-usage)
#define foreach Q_FOREACH // NOLINT(cppcoreguidelines-macro-usage)
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
