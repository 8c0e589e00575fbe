// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/addressmodel.h"
#include "core/session/remote.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class TableView;
class Theme;

/// Where each node of a session is reached, who is there, and the user's address map. Each change holds at once.
class AddressDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddressDialog)
public:
    /// The door outlives it, or the dialog closes with it.
    AddressDialog(const Theme &theme, SessionDoor &door, QWidget *parent = nullptr);
    ~AddressDialog() override;

    void choose(const QByteArray &nodeId); ///< its row, with the field for its address
    void testAll();
    [[nodiscard]] const AddressModel &model() const { return m_model; }
    [[nodiscard]] TableView *table() const { return m_table; }

Q_SIGNALS:
    void mapChanged(const QHash<QString, slotscope::Endpoint> &map); ///< the door has it already

private:
    QWidget *makeEditor();
    QWidget *makeFooter();
    void takeView();
    void showRow(int row);
    void showTyped();
    void test(int row);
    void testTyped();
    void apply();
    void remove();
    void setMap(const QHash<QString, Endpoint> &map);
    [[nodiscard]] QString chosenKey() const;

    QPointer<SessionDoor> m_door;
    Remote<PlaceTester> m_tester;
    AddressModel m_model;
    TableView *m_table;
    QLabel *m_through, *m_result = nullptr;
    QComboBox *m_key = nullptr;
    QLineEdit *m_place = nullptr;
    QPushButton *m_try = nullptr, *m_apply = nullptr, *m_remove = nullptr;
    QByteArray m_shown; ///< the id of the row whose entry stands in the editor
    quint64 m_run = 0; ///< of the latest trial of what was typed
};

} // namespace slotscope
