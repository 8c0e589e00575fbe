// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 cannot parse <concepts>, which this header includes
#include <QCoro/QCoroTask>

#include <stop_token>
#endif
