// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"

#include <QHash>

class QWidget;

namespace slotscope {

/// Asks for a file and writes the messages to it, oldest first, as lines of JSON, on another thread. A failure is told
/// to the user. `orders` by the ids of subscriptions.
void saveMessages(QWidget *parent, std::shared_ptr<const PubSubMessages> messages,
                  QHash<int, SubscriptionOrder> orders);
/// The same without asking. Gives why nothing was written; empty: all was.
[[nodiscard]] QString writeMessages(const QString &path, const std::shared_ptr<const PubSubMessages> &messages,
                                    const QHash<int, SubscriptionOrder> &orders);

} // namespace slotscope
