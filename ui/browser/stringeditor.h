// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/formats.h"
#include "ui/browser/formatbar.h"
#include "ui/browser/hexview.h"
#include "ui/browser/valueview.h"

#include <QTimer>

class QFrame;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace slotscope {

class CodeEdit;
class DocumentPaths;
class ElidedLabel;
class FormatMemory;
class FormatTreeModel;
class StringActs;
class ProtoFiles;
class Theme;
struct ValueServices;

/// Editor for one byte string: a string or a JSON document. Detection, decoding and encoding run in another thread. A
/// value that is too long to read completely is shown as bytes, page by page, and its beginning as text.
class StringEditor final : public ValueView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StringEditor)
public:
    static constexpr qint64 wholeBytes = 4 * 1024 * 1024; ///< longer values are not read completely
    static constexpr qint64 beginningBytes = 256 * 1024; ///< length of the beginning shown as text

    StringEditor(const Theme &theme, std::shared_ptr<ValueServices> services, FormatMemory &formats,
                 ProtoFiles &protoFiles, QWidget *parent = nullptr);
    ~StringEditor() override;

    void setHead(const slotscope::ValueHead &head) override;
    void setReadOnly(bool readOnly) override;
    [[nodiscard]] bool isChanged() const override;
    void prepare(std::function<void(slotscope::Result<slotscope::Edit>)> then) override;
    void takeSaved() override;
    void revert() override;
    [[nodiscard]] QString footText() const override;
    [[nodiscard]] QString changeText() const override;
    [[nodiscard]] QString whyNotSaved() const override;

    [[nodiscard]] FormatBar *formatBar() const { return m_bar; }
    [[nodiscard]] CodeEdit *editor() const { return m_code; }
    [[nodiscard]] QTreeView *tree() const { return m_tree; }
    [[nodiscard]] StringActs *acts() const { return m_acts; }
    [[nodiscard]] HexView *hex() const { return m_hex; }
    [[nodiscard]] QFrame *theirsBar() const { return m_theirsBar; } ///< bar with "Changed on the server"

private:
    QWidget *makeStack();
    QWidget *makeTheirsBar();
    void read();
    void takeBytes(const QByteArray &bytes);
    void show(const QByteArray &bytes);
    void decodeWith(const std::optional<FormatChain> &chain);
    void takeDecoded(const Decoded &decoded);
    void updateForm();
    void updateNotes();
    void encodeSoon();
    void encodeNow();
    void showBoth();
    void compareWith(const QString &theirs);
    void updateReadOnly();
    [[nodiscard]] Edit editOfBytes();

    const Theme &m_theme;
    std::shared_ptr<ValueServices> m_services;
    FormatMemory &m_formats;
    ProtoFiles &m_protoFiles;
    ValueHead m_head;
    bool m_readOnly = false;
    bool m_isLong = false; ///< the value is not read completely
    QByteArray m_base; ///< value as it was read
    std::optional<QByteArray> m_theirs; ///< value now on the server, if it changed while the user has unsaved changes
    std::optional<FormatChain> m_chosen; ///< chain that the user has chosen
    Decoded m_decoded;
    qsizetype m_invisible = 0; ///< number of characters in its text that are not visible
    std::stop_source m_stop; ///< stops the decoding that is running
    quint64 m_round = 0; ///< counts decodings and encodings; results of older ones are dropped
    bool m_isEncoding = false;
    std::optional<QByteArray> m_encoded; ///< bytes that saving the text would write
    QString m_whyNot; ///< why the text cannot be encoded
    QString m_sentText; ///< text of the last save
    QByteArray m_sentBytes;
    bool m_isHexSent = false; ///< the last save sent what was typed in Hex
    QList<HexView::Patch> m_sentPatches; ///< for a value that is not read completely
    mutable int m_comparedRevision = -1; ///< revision of the document for which m_differs is valid
    mutable bool m_differs = false;
    QTimer m_encodeTimer;
    FormatBar *m_bar;
    CodeEdit *m_code;
    HexView *m_hex;
    StringActs *m_acts = nullptr;
    FormatTreeModel *m_treeModel;
    QTreeView *m_tree;
    DocumentPaths *m_paths;
    QLabel *m_image;
    QStackedWidget *m_stack;
    QFrame *m_noteBar, *m_theirsBar;
    ElidedLabel *m_note;
    QPushButton *m_raw;
};

} // namespace slotscope
