// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace slotscope {

/// A keyspace notification: `__keyspace@0__:KEY` with the event, or `__keyevent@0__:EVENT` with the key. Keys may
/// contain anything, even "__:", so the channel is split after the first one.
struct KeyEvent
{
    int database = 0;
    QByteArray event, key;
    friend bool operator==(const KeyEvent &, const KeyEvent &) = default;
};
[[nodiscard]] std::optional<KeyEvent> keyEventOf(const QByteArray &channel, const QByteArray &payload);

/// Whether a channel is one of keyspace events, which each node sends only to its own clients.
[[nodiscard]] bool isKeyEventChannel(const QByteArray &channel);
/// Whether a pattern matches only keyspace events: it starts with `__keyspace@` or `__keyevent@`.
[[nodiscard]] bool isKeyEventPattern(QByteArrayView pattern);
/// Whether a pattern matches keyspace events in addition to other channels. Through one node, only that node's events
/// are received.
[[nodiscard]] bool alsoFitsKeyEvents(QByteArrayView pattern);

/// The pattern that matches only this name. The inverse function returns nullopt if a pattern matches more than one
/// name.
[[nodiscard]] QByteArray patternOfName(const QByteArray &name);
[[nodiscard]] std::optional<QByteArray> nameOfPattern(const QByteArray &pattern);

/// Converts user input to a pattern: "expired" becomes `__keyevent@0__:expired`, an empty text means all events, and a
/// complete pattern stays as it is.
[[nodiscard]] QByteArray keyEventsPattern(const QByteArray &typed, int database);

/// The letters that `notify-keyspace-events` lacks for this pattern: "KE" means that one of the two is needed, "A" that
/// no class is on; other letters, such as "E" or "x", are needed themselves. Empty if nothing is missing, as far as the
/// pattern shows.
[[nodiscard]] QByteArray lackingForEvents(const QByteArray &setting, const QByteArray &pattern);

} // namespace slotscope
