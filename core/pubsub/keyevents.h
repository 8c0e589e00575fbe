// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace slotscope {

/// A message of the server's own about a key: `__keyspace@0__:KEY` with the event, or `__keyevent@0__:EVENT` with the
/// key. Keys may hold anything, "__:" too: the channel is split behind the first one.
struct KeyEvent
{
    int database = 0;
    QByteArray event, key;
    friend bool operator==(const KeyEvent &, const KeyEvent &) = default;
};
[[nodiscard]] std::optional<KeyEvent> keyEventOf(const QByteArray &channel, const QByteArray &payload);

/// Whether a channel is one of keyspace events, which a node tells only those who are connected to it.
[[nodiscard]] bool isKeyEventChannel(const QByteArray &channel);
/// Whether a pattern fits nothing else: it begins with `__keyspace@` or `__keyevent@`.
[[nodiscard]] bool isKeyEventPattern(QByteArrayView pattern);
/// Whether a pattern fits channels of keyspace events beside others; through one node only its own are heard.
[[nodiscard]] bool alsoFitsKeyEvents(QByteArrayView pattern);

/// The pattern that fits this name alone, and back: nothing where it fits more than one.
[[nodiscard]] QByteArray patternOfName(const QByteArray &name);
[[nodiscard]] std::optional<QByteArray> nameOfPattern(const QByteArray &pattern);

/// The pattern for what a person typed: "expired" is `__keyevent@0__:expired`, nothing all events, and a whole pattern
/// stays as it is.
[[nodiscard]] QByteArray keyEventsPattern(const QByteArray &typed, int database);

/// Letters that `notify-keyspace-events` lacks for this pattern: "KE" both are missing and either would do, "E", "x",
/// "A" none of the classes is on. Empty: nothing is missing that can be told from the pattern.
[[nodiscard]] QByteArray lackingForEvents(const QByteArray &setting, const QByteArray &pattern);

} // namespace slotscope
