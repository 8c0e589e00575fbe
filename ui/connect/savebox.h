// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace slotscope {

/// The part of the connect dialog about keeping a connection: whether, in which folder, with which tags and notes, and
/// whether its secrets go to the keychain.
class SaveBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SaveBox)
public:
    explicit SaveBox(QWidget *parent = nullptr);

    void setFolders(const QStringList &folders);
    void setSaved(const SavedConnection &connection, bool isOn); ///< one that is kept already
    void forget(); ///< it is about another one from now on
    [[nodiscard]] bool isOn() const;
    [[nodiscard]] bool keepsSecrets() const;
    /// What the fields say, on `target`; with the id and the counts of the one that was set.
    [[nodiscard]] SavedConnection saved(const ConnectionTarget &target) const;

Q_SIGNALS:
    void edited();

private:
    void update();

    SavedConnection m_known;
    QCheckBox *m_on, *m_secrets;
    QWidget *m_rest;
    QComboBox *m_folder;
    QLineEdit *m_tags, *m_notes;
};

} // namespace slotscope
