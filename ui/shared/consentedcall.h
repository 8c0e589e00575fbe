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

/// Calls without confirmation; if the command gate requires it (production), asks the user and calls again. `parent` is
/// the parent of the question; once it is destroyed, nothing more happens. The result is Error::Code::NeedsConsent if
/// the user declined. `call` returns nothing if there is no session any more.
void callWithConsent(PageContext &context, QWidget *parent,
                     std::function<std::optional<QFuture<NodeReplies>>(UserConsent)> call,
                     std::function<void(const NodeReplies &)> then);

/// Text such as "Done on 5 of 6 nodes. 127.0.0.1:7003: …", with the ACL permissions that are missing; also for commands
/// that were not sent.
[[nodiscard]] QString repliesText(const NodeReplies &replies);
[[nodiscard]] bool isEveryReplyGood(const NodeReplies &replies);

} // namespace slotscope
