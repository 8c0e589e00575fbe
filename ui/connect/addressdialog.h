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

/// Shows at which address each node of a session is reached and which node answers there, and edits the user's address
/// map. Each change takes effect at once.
class AddressDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AddressDialog)
public:
    /// The dialog closes when the door is destroyed.
    AddressDialog(const Theme &theme, SessionDoor &door, QWidget *parent = nullptr);
    ~AddressDialog() override;

    void choose(const QByteArray &nodeId); ///< selects the node's row and focuses the address field
    void testAll();
    [[nodiscard]] const AddressModel &model() const { return m_model; }
    [[nodiscard]] TableView *table() const { return m_table; }

Q_SIGNALS:
    void mapChanged(const QHash<QString, slotscope::Endpoint> &map); ///< the door already uses the new map

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
    QByteArray m_shown; ///< id of the row whose address is in the field
    quint64 m_run = 0; ///< number of the latest test of a typed address
};

} // namespace slotscope
