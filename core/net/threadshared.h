// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>

#include <memory>

namespace slotscope {

/// The object that stands for `key` on this thread: one for all who hold it. `make` gives a new one (a QObject with a
/// stop()); when nobody holds it any more it is stopped at once, and deleted when its thread next handles events: it
/// may be one of its own signals that has made it useless.
template <typename T, typename Key, typename Make>
[[nodiscard]] std::shared_ptr<T> threadShared(const Key &key, Make make)
{
    static thread_local QHash<Key, std::weak_ptr<T>> all;
    if (std::shared_ptr<T> known = all.value(key).lock())
        return known;
    all.removeIf([](const auto &each) { return each.value().expired(); });
    std::shared_ptr<T> made(make(), [](T *unused) {
        unused->stop();
        unused->deleteLater();
    });
    all.insert(key, made);
    return made;
}

} // namespace slotscope
