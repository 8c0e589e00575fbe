// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QListView;
class QListWidget;
class QPushButton;
class QSortFilterProxyModel;
class QStringListModel;

namespace slotscope {

class FormatBar;
class ProtoFiles;

/// Chooses folders of .proto files, and one of the message types that they define.
class ProtoDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProtoDialog)
public:
    /// `type`: the message type in use; empty: none.
    ProtoDialog(ProtoFiles &files, const QString &type, QWidget *parent);

    /// Asks for a type, and chooses it in the bar.
    static void ask(ProtoFiles &files, FormatBar *bar);

    void addFolder(const QString &path);
    [[nodiscard]] QListWidget *folderList() const { return m_folders; }
    [[nodiscard]] QListWidget *problemList() const { return m_problems; }
    [[nodiscard]] QLineEdit *searchField() const { return m_search; }
    [[nodiscard]] QListView *typeList() const { return m_types; }
    [[nodiscard]] QPushButton *actButton() const { return m_act; }
    [[nodiscard]] QString words() const; ///< how many files and types there are
    [[nodiscard]] QString chosenType() const; ///< empty: none

Q_SIGNALS:
    void typeChosen(const QString &type);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void layOut();
    void chooseFolder();
    void removeFolder();
    void takeFiles();
    void narrow();
    void selectType(const QString &type);
    void choose();

    ProtoFiles &m_files;
    QString m_type; ///< what is selected again after the files were read
    QListWidget *m_folders, *m_problems;
    QPushButton *m_add, *m_remove, *m_again, *m_act;
    QLineEdit *m_search;
    QStringListModel *m_names;
    QSortFilterProxyModel *m_shown;
    QListView *m_types;
    QLabel *m_words;
};

} // namespace slotscope
