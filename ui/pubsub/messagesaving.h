// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"

#include <QHash>

class QWidget;

namespace slotscope {

/// Asks for a file and writes the messages to it as JSON lines, oldest first, in another thread. A failure is shown.
/// `orders`: subscriptions by id.
void saveMessages(QWidget *parent, std::shared_ptr<const PubSubMessages> messages,
                  QHash<int, SubscriptionOrder> orders);
/// Same without asking. Returns why nothing was written; empty: success.
[[nodiscard]] QString writeMessages(const QString &path, const std::shared_ptr<const PubSubMessages> &messages,
                                    const QHash<int, SubscriptionOrder> &orders);

} // namespace slotscope
