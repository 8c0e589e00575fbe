// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/activechannels.h"
#include "core/pubsub/pubsubtypes.h"
#include "core/session/nodeselection.h"

#include <QJsonObject>

namespace slotscope {

/// "channel", "pattern", "shard", "keyevents": for files and the command line.
[[nodiscard]] QString kindName(SubscriptionKind kind);
/// "expired, database 0" for key events, else the name as it is shown.
[[nodiscard]] QString subscriptionText(const SubscriptionOrder &order);
/// Where it is heard, and what is wrong: "kept on shard 1 (127.0.0.1:7001), follows its slot".
[[nodiscard]] QString placeText(const SubscriptionState &state);
/// "NOPERM …. It needs: ACL SETUSER app &order.*"; one line a place. Empty: nothing is wrong.
[[nodiscard]] QStringList problemsOf(const SubscriptionState &state, const QString &user);
/// What an ACL user lacks for it, as ACL SETUSER takes it: "&order.*", "+ssubscribe". Empty: that is not the matter.
[[nodiscard]] QByteArray missingChannelRight(const Error &error, const QByteArray &name);
/// "ACL SETUSER app '&order.*'", for redis-cli.
[[nodiscard]] QString aclLine(const QString &user, const QByteArray &right);
/// "NOPERM …. It needs: ACL SETUSER app '&order.*'"
[[nodiscard]] QString withRight(const QString &problem, const QString &user, const QByteArray &right);

/// Why who subscribes is not known in whole, and the rights that would change it: one line a user's lack, others one
/// each.
[[nodiscard]] QStringList channelProblemTexts(const std::vector<std::pair<QString, Error>> &problems,
                                              const QString &user);

/// "notify-keyspace-events is empty on 127.0.0.1:7001 and 127.0.0.1:7002: …"; one line for each setting that differs.
[[nodiscard]] QStringList warningTexts(const std::vector<KeyEventsWarning> &warnings);

/// "12 patterns on 2 of 3 nodes", as far as it is known: servers count them and do not list them.
[[nodiscard]] QString patternsText(const ActiveChannels &channels);

/// Of a pattern that hearsSomeKeyEvents: which ones.
[[nodiscard]] QString partialKeyEventsText(const SubscriptionState &state);
/// Where it is not heard now, one line a place; for an end, after which nobody tells the gap. A refusal, which
/// problemsOf() tells, only where it was heard before. Empty: it is heard.
[[nodiscard]] QStringList unheardTexts(const SubscriptionState &state);

/// What PUBLISH's answer means: whom it counts, and whom it does not. `nodes`: of the cluster.
[[nodiscard]] QString publishText(const NodeReply &reply, bool shard, int nodes);
/// What is known of a message whose PUBLISH came to this error.
enum class PublishOutcome : quint8 { NotSent, Refused, Unknown };
[[nodiscard]] PublishOutcome publishOutcome(const Error &error);
[[nodiscard]] QString publishOutcomeText(PublishOutcome outcome);

/// "Messages may be missing between 14:31:08.120 and 14:31:09.004: …".
[[nodiscard]] QString gapText(const PubSubMessage &gap);

/// A message or a gap as an object of JSON, with payload and channel exact (bytesjson.h).
[[nodiscard]] QJsonObject jsonOf(const PubSubMessage &message, const SubscriptionOrder &order);

} // namespace slotscope
