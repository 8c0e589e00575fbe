// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/edit.h"
#include "core/values/valuehead.h"

#include <QObject>

#include <memory>
#include <optional>

class QAction;
class QMenu;

namespace slotscope {

class ElementDialog;
struct ValueServices;

/// Actions with a string besides editing it in place: append, increment, replace it with a file, save it to a file.
class StringActs final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StringActs)
public:
    static constexpr qint64 largestFile = 512 * 1024 * 1024; ///< in bytes; the servers' default limit for a string

    /// `dialogs` is the parent of the menu and the dialogs.
    StringActs(std::shared_ptr<ValueServices> services, QWidget *dialogs);

    /// `bytes` is nullopt if the value is too long to be read as a whole.
    void setValue(const ValueHead &head, const std::optional<QByteArray> &bytes);
    void setReadOnly(bool readOnly);
    [[nodiscard]] QMenu *menu() const { return m_menu; }
    void saveTo(const QString &path);
    void replaceWith(const QString &path); ///< asks first

Q_SIGNALS:
    void editRequested(const slotscope::Edit &edit);
    void problemFound(const slotscope::Error &error);
    void said(const QString &text);

private:
    void updateActions();
    void append();
    void increment();
    void chooseFile(bool isToRead);
    void askToReplace(const QString &path, const QByteArray &bytes);

    std::shared_ptr<ValueServices> m_services;
    QWidget *m_dialogs;
    QMenu *m_menu;
    QAction *m_append, *m_increment, *m_replace, *m_save;
    ValueHead m_head;
    std::optional<QByteArray> m_bytes;
    bool m_readOnly = false;
};

} // namespace slotscope
