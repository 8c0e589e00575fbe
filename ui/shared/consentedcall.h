// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/commandgate.h"
#include "core/session/nodeselection.h"

#include <QFuture>

#include <functional>

class QWidget;

namespace slotscope {

class PageContext;

using NodeReplies = Result<QList<NodeReply>>;

/// Calls without consent; where the gate wants it (production), asks and calls again with it. `parent` carries the
/// question, and nothing more is heard once it is gone. Error::Code::NeedsConsent: the user did not agree. `call` gives
/// nothing where there is no session any more.
void callWithConsent(PageContext &context, QWidget *parent,
                     std::function<std::optional<QFuture<NodeReplies>>(UserConsent)> call,
                     std::function<void(const NodeReplies &)> then);

/// "Done on 5 of 6 nodes. 127.0.0.1:7003: …" with the rights that are missing; the same for what was not sent.
[[nodiscard]] QString repliesText(const NodeReplies &replies);
[[nodiscard]] bool isEveryReplyGood(const NodeReplies &replies);

} // namespace slotscope
