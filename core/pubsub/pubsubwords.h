// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/activechannels.h"
#include "core/pubsub/pubsubtypes.h"
#include "core/session/nodeselection.h"

#include <QJsonObject>

namespace slotscope {

/// Names for files and the command line: "channel", "pattern", "shard", "keyevents".
[[nodiscard]] QString kindName(SubscriptionKind kind);
/// "expired, database 0" for key events, else the name for display.
[[nodiscard]] QString subscriptionText(const SubscriptionOrder &order);
/// Where messages come from, and what is wrong: "kept on shard 1 (127.0.0.1:7001), moves with its slot".
[[nodiscard]] QString placeText(const SubscriptionState &state);
/// Errors, one line per node: "NOPERM …. It needs: ACL SETUSER app &order.*"; empty if there are none.
[[nodiscard]] QStringList problemsOf(const SubscriptionState &state, const QString &user);
/// The permission that an ACL user lacks, as an argument of ACL SETUSER: "&order.*", "+ssubscribe"; empty if that is
/// not the reason.
[[nodiscard]] QByteArray missingChannelRight(const Error &error, const QByteArray &name);
/// The command for redis-cli: "ACL SETUSER app '&order.*'".
[[nodiscard]] QString aclLine(const QString &user, const QByteArray &right);
/// An error with its fix: "NOPERM …. It needs: ACL SETUSER app '&order.*'".
[[nodiscard]] QString withRight(const QString &problem, const QString &user, const QByteArray &right);

/// Why the list of subscribers is incomplete, and the permissions needed: one line per missing permission, and one for
/// each other error.
[[nodiscard]] QStringList channelProblemTexts(const std::vector<std::pair<QString, Error>> &problems,
                                              const QString &user);

/// "notify-keyspace-events is empty on 127.0.0.1:7001 and 127.0.0.1:7002: …"; one line per distinct setting.
[[nodiscard]] QStringList warningTexts(const std::vector<KeyEventsWarning> &warnings);

/// "12 patterns on 2 of 3 nodes", as far as known: servers count patterns, but do not list them.
[[nodiscard]] QString patternsText(const ActiveChannels &channels);

/// For a pattern with hearsSomeKeyEvents: which events are received.
[[nodiscard]] QString partialKeyEventsText(const SubscriptionState &state);
/// Where nothing is received now, one line per node; needed at the end, because no gap is reported after it. Refusals,
/// which problemsOf() contains, are included only if messages were received before. Empty if all is well.
[[nodiscard]] QStringList unheardTexts(const SubscriptionState &state);

/// The meaning of PUBLISH's reply: which subscribers it counts and which not. `nodes` is the number of nodes in the
/// cluster.
[[nodiscard]] QString publishText(const NodeReply &reply, bool shard, int nodes);
/// Whether a message was published, if PUBLISH ended with this error.
enum class PublishOutcome : quint8 { NotSent, Refused, Unknown };
[[nodiscard]] PublishOutcome publishOutcome(const Error &error);
[[nodiscard]] QString publishOutcomeText(PublishOutcome outcome);

/// Text of a gap: "Messages may be missing between 14:31:08.120 and 14:31:09.004: …".
[[nodiscard]] QString gapText(const PubSubMessage &gap);

/// A message or gap as a JSON object, with exact payload and channel (bytesjson.h).
[[nodiscard]] QJsonObject jsonOf(const PubSubMessage &message, const SubscriptionOrder &order);

} // namespace slotscope
