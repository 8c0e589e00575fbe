// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace slotscope {

/// Part of the connect dialog for saving a connection: whether to save it, folder, tags, notes, and whether its secrets
/// are stored in the keychain.
class SaveBox final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SaveBox)
public:
    explicit SaveBox(QWidget *parent = nullptr);

    void setFolders(const QStringList &folders);
    void setSaved(const SavedConnection &connection, bool isOn); ///< sets a connection that is already saved
    void forget(); ///< the box is for a different connection from now on
    [[nodiscard]] bool isOn() const;
    [[nodiscard]] bool keepsSecrets() const;
    /// Returns `target` as a saved connection with the values of the fields and the id and use counts of the connection
    /// that was set.
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
